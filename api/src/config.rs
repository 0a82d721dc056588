//! The settings in force, and whether they work.

use serde::{Deserialize, Serialize};

use crate::python::Health as PythonHealth;
use crate::tool::Mode;

/// `GET /api/config`: every setting, never a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Config {
    /// Vivarium's version.
    pub version: String,
    /// The mode in force.
    pub mode: Mode,
    /// Every variable of the settings table, in its order.
    pub settings: Vec<Setting>,
    /// What the python service says of itself; absent when it can't be reached.
    pub python: Option<PythonHealth>,
}

/// The same, as a tenant is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TenantConfig {
    /// What everybody is.
    #[serde(flatten)]
    pub config: Config,
    /// Who asks, if the token has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// The Spin variable's name; set it with `SPIN_VARIABLE_<NAME>` or `--variable name=value`.
    pub name: String,
    /// The value in force; for a secret, `(set)` or `(empty)`.
    pub value: String,
    /// What it means.
    pub meaning: String,
    /// Whether its value is kept back.
    pub secret: bool,
}

/// `GET /api/health`, which needs no token: 200 when all is well, 503 otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// `ok`, `misconfigured`, `unavailable` (a mode that this build lacks) or `python_unavailable`.
    pub status: String,
    /// All that is wrong, one line each.
    pub problems: Vec<String>,
    /// Vivarium's version.
    pub version: String,
}
