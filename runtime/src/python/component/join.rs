//! Two modules into one with two memories: the service's comes first, for that is the one a component's calls are about.
//!
//! The interpreter imports its system calls, and each is a function that the service exports under the name
//! `MODULE/NAME`; they become plain calls. The service imports from the module `interpreter` what it needs of the
//! interpreter: two of its exports, and a few functions that are made here ([`Glue`]). No other import of the
//! interpreter's and no export of it is left.
//!
//! Each function of the interpreter's begins by counting itself, and one in [`ENTRIES`] calls the service's
//! `interpreter/tick`, which looks at the clock. That ends a program that makes no system call, on a host that would not:
//! what goes on for long calls functions. Only an interpreter of bytecode does not ([`WIDE`]), and there loops count as
//! well. Checks in every loop would be surer and cost a quarter of the speed.

use std::collections::HashMap;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    BlockType, Catch, CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection,
    ElementSection, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, ImportSection, Instruction, MemorySection, Module, TableSection, TagKind,
    TagSection, TagType, TypeSection, ValType,
};
use wasmparser::{ExternalKind, Operator, Parser, Payload, TypeRef};

/// The module that the service imports the interpreter from.
const INTERPRETER: &str = "interpreter";
/// What the service exports to be called now and then.
const TICK: &str = "interpreter/tick";
/// Functions are entered up to some 100 million times a second, and seldom fewer than ten thousand: the clock is looked
/// at every 0.02 to 200 ms, which takes a hundredth of the time at most.
const ENTRIES: i32 = 2_000;
/// A function with a jump to so many places interprets something: CPython's bytecode, a regular expression, SQL.
const WIDE: u32 = 64;
/// What of the interpreter's own exports it may import there.
const TURN: &str = "turn";
const ALLOCATE: &str = "host_alloc";
/// Custom sections that say which component the service is half of.
const COMPONENT_TYPE: &str = "component-type";

/// Memories of the joined module.
const OURS: u32 = 0;
const THEIRS: u32 = 1;

/// Why two modules can't be joined.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// Not WebAssembly.
    #[error("a module can't be read")]
    Read(#[from] wasmparser::BinaryReaderError),
    /// A part that can't be written again.
    #[error("a module can't be written: {0}")]
    Write(String),
    /// An import that nothing answers to.
    #[error("nothing is there for the import `{0}`")]
    Import(String),
    /// An export that should be there.
    #[error("there is no export `{0}`")]
    Export(&'static str),
    /// Something that these modules never had.
    #[error("a module has {0}, which can't be joined")]
    Unknown(&'static str),
}

impl From<reencode::Error> for JoinError {
    fn from(error: reencode::Error) -> Self {
        Self::Write(error.to_string())
    }
}

/// What of a module is counted before anything is written.
#[derive(Default)]
struct Shape<'a> {
    /// Module, name and type of each imported function.
    imports: Vec<(&'a str, &'a str, u32)>,
    exports: Vec<wasmparser::Export<'a>>,
    types: u32,
    functions: u32,
    tables: u32,
    memories: u32,
    tags: u32,
    globals: u32,
    elements: u32,
    data: u32,
}

impl<'a> Shape<'a> {
    fn of(module: &'a [u8]) -> Result<Self, JoinError> {
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

    fn function(&self, name: &str) -> Option<u32> {
        let mut exports = self.exports.iter();
        exports
            .find(|export| export.name == name && export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }
}

/// Functions that neither module has, in the order in which they come last in the joined one.
#[derive(Clone, Copy)]
enum Glue {
    /// `turn`, which also comes back when a call leaves it.
    Turn,
    /// Copies from the interpreter's memory.
    Read,
    /// Copies to it.
    Write,
    /// How many pages it has.
    Pages,
    /// Sets how many it may have.
    Limit,
    /// How often it was refused more.
    Refused,
    /// Leaves the turn.
    Leave,
    /// In the place of each `memory.grow` of the interpreter's: no code can get round it.
    Grow,
    /// Called by every [`ENTRIES`]th function that is entered.
    Tick,
}

impl Glue {
    const ALL: [Self; 9] = [
        Self::Turn,
        Self::Read,
        Self::Write,
        Self::Pages,
        Self::Limit,
        Self::Refused,
        Self::Leave,
        Self::Grow,
        Self::Tick,
    ];

    /// As the service imports it.
    fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Turn => TURN,
            Self::Read => "read",
            Self::Write => "write",
            Self::Pages => "pages",
            Self::Limit => "limit",
            Self::Refused => "refused",
            Self::Leave => "leave",
            Self::Grow | Self::Tick => return None,
        })
    }

    fn signature(self) -> (&'static [ValType], &'static [ValType]) {
        const I32: ValType = ValType::I32;
        match self {
            Self::Turn => (&[I32, I32], &[I32]),
            Self::Read | Self::Write => (&[I32, I32, I32], &[]),
            Self::Pages | Self::Refused => (&[], &[I32]),
            Self::Limit => (&[I32], &[]),
            Self::Leave | Self::Tick => (&[], &[]),
            Self::Grow => (&[I32], &[I32]),
        }
    }

    fn body(self, plan: &Plan) -> Function {
        let mut body = Function::new([]);
        let mut code = |instructions: &[Instruction<'_>]| {
            for instruction in instructions {
                body.instruction(instruction);
            }
        };
        use Instruction as I;
        match self {
            Self::Turn => code(&[
                I::Block(BlockType::Empty),
                I::TryTable(
                    BlockType::Result(ValType::I32),
                    vec![Catch::One {
                        tag: plan.leave_tag,
                        label: 0,
                    }]
                    .into(),
                ),
                I::LocalGet(0),
                I::LocalGet(1),
                I::Call(plan.turn),
                I::End,
                I::Return,
                I::End,
                I::I32Const(0),
            ]),
            Self::Read => code(&[
                I::LocalGet(1),
                I::LocalGet(0),
                I::LocalGet(2),
                I::MemoryCopy {
                    src_mem: THEIRS,
                    dst_mem: OURS,
                },
            ]),
            Self::Write => code(&[
                I::LocalGet(0),
                I::LocalGet(1),
                I::LocalGet(2),
                I::MemoryCopy {
                    src_mem: OURS,
                    dst_mem: THEIRS,
                },
            ]),
            Self::Pages => code(&[I::MemorySize(THEIRS)]),
            Self::Limit => code(&[I::LocalGet(0), I::GlobalSet(plan.limit_global)]),
            Self::Refused => code(&[I::GlobalGet(plan.refused_global)]),
            Self::Leave => code(&[I::Throw(plan.leave_tag)]),
            Self::Grow => code(&[
                I::MemorySize(THEIRS),
                I::I64ExtendI32U,
                I::LocalGet(0),
                I::I64ExtendI32U,
                I::I64Add,
                I::GlobalGet(plan.limit_global),
                I::I64ExtendI32U,
                I::I64GtU,
                I::If(BlockType::Result(ValType::I32)),
                I::GlobalGet(plan.refused_global),
                I::I32Const(1),
                I::I32Add,
                I::GlobalSet(plan.refused_global),
                I::I32Const(-1),
                I::Else,
                I::LocalGet(0),
                I::MemoryGrow(THEIRS),
                I::End,
            ]),
            Self::Tick => code(&[
                I::I32Const(ENTRIES),
                I::GlobalSet(plan.entries_global),
                I::Call(plan.tick),
            ]),
        }
        body.instruction(&I::End);
        body
    }
}

/// Where everything is in the joined module.
struct Plan {
    turn: u32,
    leave_tag: u32,
    limit_global: u32,
    refused_global: u32,
    entries_global: u32,
    tick: u32,
    first_glue: u32,
}

impl Plan {
    fn glue(&self, glue: Glue) -> u32 {
        self.first_glue + glue as u32
    }
}

/// A module's indices in the joined one.
#[derive(Default)]
struct Part {
    /// By the index of the import.
    imports: Vec<u32>,
    first_function: u32,
    first_type: u32,
    first_table: u32,
    memory: u32,
    first_tag: u32,
    first_global: u32,
    first_element: u32,
    first_data: u32,
    /// Only of the interpreter's.
    watched: Option<Watched>,
}

/// How the interpreter's code is changed.
#[derive(Clone, Copy)]
struct Watched {
    /// What takes the place of `memory.grow`.
    grow: u32,
    /// What is called now and then.
    tick: u32,
    /// How many functions may be entered before that.
    entries_global: u32,
}

type Reencoded<T> = Result<T, reencode::Error>;

impl Reencode for Part {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Reencoded<u32> {
        let imports = self.imports.len() as u32;
        Ok(match self.imports.get(function as usize) {
            Some(index) => *index,
            None => self.first_function + function - imports,
        })
    }

    fn type_index(&mut self, ty: u32) -> Reencoded<u32> {
        Ok(self.first_type + ty)
    }

    fn table_index(&mut self, table: u32) -> Reencoded<u32> {
        Ok(self.first_table + table)
    }

    fn memory_index(&mut self, memory: u32) -> Reencoded<u32> {
        Ok(self.memory + memory)
    }

    fn tag_index(&mut self, tag: u32) -> Reencoded<u32> {
        Ok(self.first_tag + tag)
    }

    fn global_index(&mut self, global: u32) -> Reencoded<u32> {
        Ok(self.first_global + global)
    }

    fn element_index(&mut self, element: u32) -> Reencoded<u32> {
        Ok(self.first_element + element)
    }

    fn data_index(&mut self, data: u32) -> Reencoded<u32> {
        Ok(self.first_data + data)
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Reencoded<Instruction<'a>> {
        match (&operator, self.watched) {
            (Operator::MemoryGrow { .. }, Some(watched)) => Ok(Instruction::Call(watched.grow)),
            _ => utils::instruction(self, operator),
        }
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Reencoded<()> {
        let Some(watched) = self.watched else {
            return utils::parse_function_body(self, code, body);
        };
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let interprets = interprets(&body)?;
        watched.count(&mut function);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            let is_counted = interprets && matches!(operator, Operator::Loop { .. });
            function.instruction(&self.instruction(operator)?);
            if is_counted {
                watched.count(&mut function);
            }
        }
        code.function(&function);
        Ok(())
    }
}

/// Whether a function jumps to many places.
fn interprets(body: &wasmparser::FunctionBody<'_>) -> Reencoded<bool> {
    for operator in body.get_operators_reader()? {
        if let Operator::BrTable { targets } = operator?
            && targets.len() >= WIDE
        {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Watched {
    /// Counts, and calls when it is time to.
    fn count(self, function: &mut Function) {
        use Instruction as I;
        for instruction in [
            I::GlobalGet(self.entries_global),
            I::I32Const(1),
            I::I32Sub,
            I::GlobalSet(self.entries_global),
            I::GlobalGet(self.entries_global),
            I::I32Eqz,
            I::If(BlockType::Empty),
            I::Call(self.tick),
            I::End,
        ] {
            function.instruction(&instruction);
        }
    }
}

/// Joins them.
pub(super) fn join(service: &[u8], interpreter: &[u8]) -> Result<Vec<u8>, JoinError> {
    let (ours, theirs) = (Shape::of(service)?, Shape::of(interpreter)?);
    let kept: Vec<_> = ours
        .imports
        .iter()
        .filter(|(module, ..)| *module != INTERPRETER)
        .collect();
    let first_function = kept.len() as u32;
    let first_of_theirs = first_function + ours.functions;
    let their_function = |name: &'static str| {
        let index = theirs.function(name).ok_or(JoinError::Export(name))?;
        Ok::<_, JoinError>(first_of_theirs + index - theirs.imports.len() as u32)
    };
    let ours_defined = |name: &'static str| {
        let index = ours.function(name).ok_or(JoinError::Export(name))?;
        Ok::<_, JoinError>(first_function + index - ours.imports.len() as u32)
    };
    let plan = Plan {
        turn: their_function(TURN)?,
        leave_tag: ours.tags + theirs.tags,
        limit_global: ours.globals + theirs.globals,
        refused_global: ours.globals + theirs.globals + 1,
        entries_global: ours.globals + theirs.globals + 2,
        tick: ours_defined(TICK)?,
        first_glue: first_of_theirs + theirs.functions,
    };

    let made: HashMap<_, _> = Glue::ALL
        .into_iter()
        .filter_map(|glue| Some((glue.name()?, plan.glue(glue))))
        .collect();
    let mut our_imports = Vec::new();
    let mut next = 0;
    for (module, name, _) in &ours.imports {
        our_imports.push(match (*module, *name) {
            (INTERPRETER, ALLOCATE) => their_function(ALLOCATE)?,
            (INTERPRETER, name) => *made
                .get(name)
                .ok_or_else(|| JoinError::Import(format!("{INTERPRETER}/{name}")))?,
            _ => {
                next += 1;
                next - 1
            }
        });
    }
    let mut our_part = Part {
        imports: our_imports,
        first_function,
        ..Part::default()
    };
    let calls: Vec<_> = theirs
        .imports
        .iter()
        .map(|(module, name, _)| format!("{module}/{name}"))
        .collect();
    let mut their_imports = Vec::new();
    for call in &calls {
        let index = ours.function(call);
        let index = index.ok_or_else(|| JoinError::Import(call.clone()))?;
        their_imports.push(our_part.function_index(index)?);
    }
    let mut their_part = Part {
        imports: their_imports,
        first_function: first_of_theirs,
        first_type: ours.types,
        first_table: ours.tables,
        memory: THEIRS,
        first_tag: ours.tags,
        first_global: ours.globals,
        first_element: ours.elements,
        first_data: ours.data,
        watched: Some(Watched {
            grow: plan.glue(Glue::Grow),
            tick: plan.glue(Glue::Tick),
            entries_global: plan.entries_global,
        }),
    };

    let mut sections = Sections::default();
    let first_glue_type = ours.types + theirs.types;
    for (module, name, ty) in &kept {
        let ty = wasm_encoder::EntityType::Function(*ty);
        sections.imports.import(module, name, ty);
    }
    sections.take(&mut our_part, service)?;
    sections.take(&mut their_part, interpreter)?;
    for (ty, glue) in (first_glue_type..).zip(Glue::ALL) {
        let (parameters, results) = glue.signature();
        let (parameters, results) = (parameters.iter().copied(), results.iter().copied());
        sections.types.ty().function(parameters, results);
        sections.functions.function(ty);
        sections.code.function(&glue.body(&plan));
    }
    sections.tags.tag(TagType {
        kind: TagKind::Exception,
        func_type_idx: first_glue_type + Glue::Leave as u32,
    });
    // In the order of the plan: the limit, how often it was refused, entries.
    for start in [-1, 0, ENTRIES] {
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        };
        sections.globals.global(ty, &ConstExpr::i32_const(start));
    }
    for export in &ours.exports {
        if export.name == TICK || calls.iter().any(|call| call == export.name) {
            continue;
        }
        let kind = match export.kind {
            ExternalKind::Func => ExportKind::Func,
            ExternalKind::Memory => ExportKind::Memory,
            // Nothing of a component's needs them.
            _ => continue,
        };
        let index = match kind {
            ExportKind::Func => our_part.function_index(export.index)?,
            _ => export.index,
        };
        sections.exports.export(export.name, kind, index);
    }
    let data = ours.data + theirs.data;
    Ok(sections.module(data, service)?.finish())
}

/// The joined module's sections.
#[derive(Default)]
struct Sections {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    tags: TagSection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

impl Sections {
    /// Adds all of a module but its imports and exports.
    fn take(&mut self, part: &mut Part, module: &[u8]) -> Result<(), JoinError> {
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
    fn module(&self, data: u32, service: &[u8]) -> Result<Module, JoinError> {
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
