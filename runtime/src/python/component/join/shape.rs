//! What a module has, counted before anything is written.

use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

use super::JoinError;

/// What of a module is counted before anything is written.
#[derive(Default)]
pub(super) struct Shape<'a> {
    /// Module, name and type of each imported function.
    pub(super) imports: Vec<(&'a str, &'a str, u32)>,
    pub(super) exports: Vec<wasmparser::Export<'a>>,
    pub(super) types: u32,
    pub(super) functions: u32,
    pub(super) tables: u32,
    pub(super) memories: u32,
    pub(super) tags: u32,
    pub(super) globals: u32,
    pub(super) elements: u32,
    pub(super) data: u32,
}

impl<'a> Shape<'a> {
    pub(super) fn of(module: &'a [u8]) -> Result<Self, JoinError> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for group in section {
                        shape.types += group?.types().len() as u32;
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import?;
                        let TypeRef::Func(ty) = import.ty else {
                            return Err(JoinError::Unknown("an import that is no function"));
                        };
                        shape.imports.push((import.module, import.name, ty));
                    }
                }
                Payload::ExportSection(section) => {
                    shape.exports = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::FunctionSection(section) => shape.functions = section.count(),
                Payload::TableSection(section) => shape.tables = section.count(),
                Payload::MemorySection(section) => shape.memories = section.count(),
                Payload::TagSection(section) => shape.tags = section.count(),
                Payload::GlobalSection(section) => shape.globals = section.count(),
                Payload::ElementSection(section) => shape.elements = section.count(),
                Payload::DataSection(section) => shape.data = section.count(),
                Payload::StartSection { .. } => {
                    return Err(JoinError::Unknown("a function that it starts with"));
                }
                _ => {}
            }
        }
        if shape.memories != 1 {
            return Err(JoinError::Unknown("not exactly one memory"));
        }
        Ok(shape)
    }

    pub(super) fn function(&self, name: &str) -> Option<u32> {
        let mut exports = self.exports.iter();
        exports
            .find(|export| export.name == name && export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }
}
