//! A copy of plain values that nobody else holds: what a caller changes afterwards is not in it. What cannot change is kept,
//! not copied, so that a lead of forty texts costs one dict.

use crate::values;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple, PyType,
};

/// Values nest no deeper.
const DEEPEST: usize = 64;
/// Values and bytes of one snapshot: whoever calls waits for no more than this.
const MOST_VALUES: usize = 10_000;
const MOST_BYTES: usize = 1 << 20;

/// Why there is no snapshot: it is a value we do not know or too much of it, or Python said something.
pub(crate) enum Not {
    Plain,
    Raised(PyErr),
}

impl From<PyErr> for Not {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// `None` stands for the value itself, where nothing in it can change.
type Copied<'py> = Result<Option<Bound<'py, PyAny>>, Not>;

/// A value as it was. Python never gets what is inside, only copies of it.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Snapshot {
    held: Py<PyAny>,
    bytes: usize,
}

#[pymethods]
impl Snapshot {
    /// About how much memory it holds.
    #[getter]
    fn size(&self) -> usize {
        self.bytes
    }

    /// A copy of its own for whoever asks.
    fn fresh<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match Copier::new(None).copied(self.held.bind(py)) {
            Ok(copy) => Ok(copy),
            Err(Not::Raised(error)) => Err(error),
            // It was copied before by the same rules.
            Err(Not::Plain) => Ok(py.None().into_bound(py)),
        }
    }

    /// As JSON. Of a lead it is personal data.
    fn json(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        values::json(self.held.bind(py))
    }

    // What is in it is somebody's.
    fn __repr__(&self) -> String {
        format!("<Snapshot of {} bytes>", self.bytes)
    }
}

/// Takes one; `default` makes plain what is not, as that of `json.dumps` does.
pub(crate) fn take(value: &Bound<'_, PyAny>, default: Option<&Bound<'_, PyAny>>) -> Result<Snapshot, Not> {
    let mut copier = Copier::new(default);
    let held = copier.copied(value)?.unbind();
    Ok(Snapshot { held, bytes: copier.bytes })
}

struct Copier<'a, 'py> {
    default: Option<&'a Bound<'py, PyAny>>,
    values: usize,
    bytes: usize,
    depth: usize,
}

impl<'a, 'py> Copier<'a, 'py> {
    fn new(default: Option<&'a Bound<'py, PyAny>>) -> Self {
        Self { default, values: 0, bytes: 0, depth: 0 }
    }

    fn copied(&mut self, value: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Not> {
        Ok(self.copy(value)?.unwrap_or_else(|| value.clone()))
    }

    fn copy(&mut self, value: &Bound<'py, PyAny>) -> Copied<'py> {
        self.values += 1;
        self.bytes += 16;
        if let Ok(text) = value.cast_exact::<PyString>() {
            self.bytes += text.len().unwrap_or(0);
            return self.checked();
        }
        if value.is_none()
            || value.is_exact_instance_of::<PyInt>()
            || value.is_exact_instance_of::<PyBool>()
            || value.is_exact_instance_of::<PyFloat>()
        {
            return self.checked();
        }
        self.checked()?;
        if self.depth == DEEPEST {
            return Err(Not::Plain);
        }
        self.depth += 1;
        let copy = self.container(value);
        self.depth -= 1;
        copy
    }

    fn checked(&self) -> Copied<'py> {
        if self.values > MOST_VALUES || self.bytes > MOST_BYTES { Err(Not::Plain) } else { Ok(None) }
    }

    fn container(&mut self, value: &Bound<'py, PyAny>) -> Copied<'py> {
        if let Ok(dict) = value.cast_exact::<PyDict>() {
            return Ok(Some(self.members(dict.copy()?)?.into_any()));
        }
        if let Ok(list) = value.cast_exact::<PyList>() {
            return Ok(Some(self.items(list)?.into_any()));
        }
        if let Ok(tuple) = value.cast_exact::<PyTuple>() {
            let items = self.changed_items(tuple)?;
            return Ok(items.map(|items| PyTuple::new(value.py(), items)).transpose()?.map(Bound::into_any));
        }
        if let Ok(bytes) = value.cast::<PyBytes>() {
            self.bytes += bytes.as_bytes().len();
            return self.checked();
        }
        if let Ok(bytes) = value.cast_exact::<PyByteArray>() {
            self.bytes += bytes.len();
            self.checked()?;
            return Ok(Some(PyByteArray::new(value.py(), &bytes.to_vec()).into_any()));
        }
        if value.is_exact_instance_of::<PySet>() || value.is_exact_instance_of::<PyFrozenSet>() {
            return self.set(value);
        }
        self.rare(value)
    }

    /// A dict that nobody else has: its members are replaced by copies where they can change.
    fn members(&mut self, dict: Bound<'py, PyDict>) -> Result<Bound<'py, PyDict>, Not> {
        for (key, member) in dict.iter() {
            // What is a key can be hashed; whether it can change, only its type says.
            if self.copy(&key)?.is_some() {
                return Err(Not::Plain);
            }
            if let Some(copy) = self.copy(&member)? {
                dict.set_item(key, copy)?;
            }
        }
        Ok(dict)
    }

    fn items(&mut self, list: &Bound<'py, PyList>) -> Result<Bound<'py, PyList>, Not> {
        // Of a slice nobody else can change the length meanwhile.
        let own = list.get_slice(0, list.len());
        for (at, item) in own.iter().enumerate() {
            if let Some(copy) = self.copy(&item)? {
                own.set_item(at, copy)?;
            }
        }
        Ok(own)
    }

    fn changed_items(&mut self, tuple: &Bound<'py, PyTuple>) -> Result<Option<Vec<Bound<'py, PyAny>>>, Not> {
        let mut changed: Option<Vec<Bound<'py, PyAny>>> = None;
        for (at, item) in tuple.iter().enumerate() {
            if let Some(copy) = self.copy(&item)? {
                let items = changed.get_or_insert_with(|| tuple.iter().collect());
                if let Some(place) = items.get_mut(at) {
                    *place = copy;
                }
            }
        }
        Ok(changed)
    }

    fn set(&mut self, value: &Bound<'py, PyAny>) -> Copied<'py> {
        let own = value.call_method0("copy")?;
        for item in own.try_iter()? {
            if self.copy(&item?)?.is_some() {
                return Err(Not::Plain);
            }
        }
        Ok(Some(own))
    }

    /// What is seldom in a lead.
    fn rare(&mut self, value: &Bound<'py, PyAny>) -> Copied<'py> {
        let py = value.py();
        let types = Types::get(py)?;
        if types.frozen.iter().any(|one| value.is_instance(one.bind(py)).unwrap_or(false)) {
            return Ok(None);
        }
        let class = value.get_type();
        if types.dicts.iter().any(|one| class.is(one.bind(py))) {
            let own = value.call_method0("copy")?;
            return Ok(Some(self.members(own.cast_into::<PyDict>().map_err(|_| Not::Plain)?)?.into_any()));
        }
        if let Ok(tuple) = value.cast::<PyTuple>() {
            // A named tuple.
            return match self.changed_items(tuple)? {
                None => Ok(None),
                Some(_) if !value.hasattr("_make")? => Err(Not::Plain),
                Some(items) => Ok(Some(class.call_method1("_make", (items,))?)),
            };
        }
        match self.default {
            Some(default) => Ok(Some(self.copied(&default.call1((value,))?)?)),
            None => Err(Not::Plain),
        }
    }
}

/// The types of the standard library that are values, and the dicts of its own.
struct Types {
    frozen: Vec<Py<PyType>>,
    dicts: Vec<Py<PyType>>,
}

const FROZEN: [(&str, &str); 9] = [
    ("decimal", "Decimal"),
    ("datetime", "date"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "tzinfo"),
    ("uuid", "UUID"),
    ("enum", "Enum"),
    // Numbers and texts of other classes than their own: those of numpy, of enumerations, of templates.
    ("numbers", "Number"),
    ("builtins", "str"),
];
const DICTS: [(&str, &str); 3] =
    [("collections", "OrderedDict"), ("collections", "defaultdict"), ("collections", "Counter")];

impl Types {
    fn get(py: Python<'_>) -> PyResult<&Self> {
        static TYPES: PyOnceLock<Types> = PyOnceLock::new();
        TYPES.get_or_try_init(py, || Ok(Self { frozen: import(py, &FROZEN)?, dicts: import(py, &DICTS)? }))
    }
}

fn import(py: Python<'_>, names: &[(&str, &str)]) -> PyResult<Vec<Py<PyType>>> {
    let one = |(module, name): &(&str, &str)| Ok(py.import(*module)?.getattr(*name)?.cast_into::<PyType>()?.unbind());
    names.iter().map(one).collect()
}
