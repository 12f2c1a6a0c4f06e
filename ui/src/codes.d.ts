// What each code says, from core/codes.toml; build.js makes it.

declare module 'leadwright:codes' {
  const texts: Readonly<Record<string, string>>;
  export default texts;
}
