//! A module's place in the joined one: other indices, and for the interpreter's code, a look at the clock now and then.

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{BlockType, CodeSection, Function, Instruction};
use wasmparser::Operator;

use super::WIDE;

/// A module's indices in the joined one.
#[derive(Default)]
pub(super) struct Part {
    /// By the index of the import.
    pub(super) imports: Vec<u32>,
    pub(super) first_function: u32,
    pub(super) first_type: u32,
    pub(super) first_table: u32,
    pub(super) memory: u32,
    pub(super) first_tag: u32,
    pub(super) first_global: u32,
    pub(super) first_element: u32,
    pub(super) first_data: u32,
    /// Only of the interpreter's.
    pub(super) watched: Option<Watched>,
}

/// How the interpreter's code is changed.
#[derive(Clone, Copy)]
pub(super) struct Watched {
    /// What takes the place of `memory.grow`.
    pub(super) grow: u32,
    /// What is called now and then.
    pub(super) tick: u32,
    /// How many functions may be entered before that.
    pub(super) entries_global: u32,
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
