//! Who may do what in the database.

const ROLES: &str = include_str!("roles.sql");

/// The statements that make the three roles of a schema, and give each what it needs. See docs/postgres.md.
///
/// ```
/// let sql = leadwright_postgres::roles("leads");
/// assert!(sql.contains("CREATE SCHEMA IF NOT EXISTS leads AUTHORIZATION leadwright_owner"));
/// ```
#[must_use]
pub fn roles(schema: &str) -> String {
    ROLES
        .replace("SCHEMA IF NOT EXISTS leadwright ", &format!("SCHEMA IF NOT EXISTS {schema} "))
        .replace("ON SCHEMA leadwright ", &format!("ON SCHEMA {schema} "))
        .replace("'leadwright.migration'", &format!("'{schema}.migration'"))
        .replace("search_path = leadwright;", &format!("search_path = {schema};"))
}
