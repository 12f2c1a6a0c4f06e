// The page: which decision is asked for stands in its address, and the element loads it.

const element = document.querySelector('lw-decision');
const form = document.querySelector('#ask');

function show() {
  const id = new URLSearchParams(location.search).get('id');
  if (id === null) return;
  form.elements.id.value = id;
  element.src = `/api/decisions?${new URLSearchParams({ id })}`;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  history.pushState(null, '', `?${new URLSearchParams(new FormData(form))}`);
  show();
});
addEventListener('popstate', show);
element.addEventListener('lw-select', ({ detail }) => {
  document.querySelector('#opened').textContent = `${detail.contract}: ${detail.code}`;
});
show();
