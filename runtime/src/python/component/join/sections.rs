//! The joined module, as it is written.

use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::{
    CodeSection, CustomSection, DataCountSection, DataSection, ElementSection, ExportSection,
    FunctionSection, GlobalSection, ImportSection, MemorySection, Module, TableSection, TagSection,
    TypeSection,
};
use wasmparser::{Parser, Payload};

use super::part::Part;
use super::{COMPONENT_TYPE, JoinError};

/// The joined module's sections.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) types: TypeSection,
    pub(super) imports: ImportSection,
    pub(super) functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    pub(super) tags: TagSection,
    pub(super) globals: GlobalSection,
    pub(super) exports: ExportSection,
    elements: ElementSection,
    pub(super) code: CodeSection,
    data: DataSection,
}

impl Sections {
    /// Adds all of a module but its imports and exports.
    pub(super) fn take(&mut self, part: &mut Part, module: &[u8]) -> Result<(), JoinError> {
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    part.parse_type_section(&mut self.types, section)?
                }
                Payload::FunctionSection(section) => {
                    part.parse_function_section(&mut self.functions, section)?;
                }
                Payload::TableSection(section) => {
                    part.parse_table_section(&mut self.tables, section)?;
                }
                Payload::MemorySection(section) => {
                    part.parse_memory_section(&mut self.memories, section)?;
                }
                Payload::TagSection(section) => part.parse_tag_section(&mut self.tags, section)?,
                Payload::GlobalSection(section) => {
                    part.parse_global_section(&mut self.globals, section)?;
                }
                Payload::ElementSection(section) => {
                    part.parse_element_section(&mut self.elements, section)?;
                }
                Payload::DataSection(section) => {
                    part.parse_data_section(&mut self.data, section)?
                }
                Payload::CodeSectionEntry(body) => {
                    part.parse_function_body(&mut self.code, body)?
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// In the order that a module has, and with what says which component it is half of.
    pub(super) fn module(&self, data: u32, service: &[u8]) -> Result<Module, JoinError> {
        let mut module = Module::new();
        module
            .section(&self.types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.tags)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&DataCountSection { count: data })
            .section(&self.code)
            .section(&self.data);
        for payload in Parser::new(0).parse_all(service) {
            if let Payload::CustomSection(section) = payload?
                && section.name().starts_with(COMPONENT_TYPE)
            {
                module.section(&CustomSection {
                    name: section.name().into(),
                    data: section.data().into(),
                });
            }
        }
        Ok(module)
    }
}
