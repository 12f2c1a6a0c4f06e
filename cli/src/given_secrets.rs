//! Secrets that were given by name.

use leadwright::deliver::Secrets;
use leadwright::model::{Code, Error};
use std::collections::BTreeMap;
use std::fmt;

/// Secrets by name; where the environment may have some, each under a prefix and its name in capitals: `acme-key` is
/// `LEADWRIGHT_SECRET_ACME_KEY`. `Debug` shows their names.
///
/// ```
/// use leadwright::deliver::Secrets;
/// use leadwright_cli::GivenSecrets;
/// let secrets: GivenSecrets = [("acme".to_owned(), "t0ken".to_owned())].into_iter().collect();
/// assert_eq!(secrets.secret("acme"), Ok("t0ken".to_owned()));
/// assert!(secrets.secret("bolt").is_err());
/// assert!(!format!("{secrets:?}").contains("t0ken"));
/// ```
#[derive(Clone, Default)]
pub struct GivenSecrets {
    by_name: BTreeMap<String, String>,
    prefix: Option<String>,
}

impl GivenSecrets {
    /// The same, and those of the environment.
    #[must_use]
    pub(crate) fn or_environment(self, prefix: &str) -> Self {
        Self { prefix: Some(prefix.to_owned()), ..self }
    }
}

impl FromIterator<(String, String)> for GivenSecrets {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(given: I) -> Self {
        Self { by_name: given.into_iter().collect(), prefix: None }
    }
}

impl Secrets for GivenSecrets {
    fn secret(&self, name: &str) -> Result<String, Error> {
        let variable = |prefix: &String| {
            let capital = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
            std::env::var(format!("{prefix}{}", name.chars().map(capital).collect::<String>())).ok()
        };
        let found = self.by_name.get(name).cloned().or_else(|| self.prefix.as_ref().and_then(variable));
        found.ok_or_else(|| Error::new(Code::InputBadOption, format!("`secrets`: there is no `{name}`")))
    }
}

impl fmt::Debug for GivenSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GivenSecrets({:?})", self.by_name.keys().collect::<Vec<_>>())
    }
}
