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
//!
//! - [`shape`]: what a module has; [`part`]: its indices in the joined one
//! - [`glue`]: what is made in between; [`sections`]: how it is written

mod glue;
mod part;
mod sections;
mod shape;

use std::collections::HashMap;

use wasm_encoder::reencode::{self, Reencode as _};
use wasm_encoder::{ConstExpr, EntityType, ExportKind, GlobalType, TagKind, TagType, ValType};
use wasmparser::ExternalKind;

use glue::{Glue, Plan};
use part::{Part, Watched};
use sections::Sections;
use shape::Shape;

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
        let ty = EntityType::Function(*ty);
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
