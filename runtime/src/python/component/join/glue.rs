//! Functions that are made between the two modules.

use wasm_encoder::{BlockType, Catch, Function, Instruction, ValType};

use super::{ENTRIES, OURS, THEIRS, TURN};

/// Where everything is in the joined module.
pub(super) struct Plan {
    pub(super) turn: u32,
    pub(super) leave_tag: u32,
    pub(super) limit_global: u32,
    pub(super) refused_global: u32,
    pub(super) entries_global: u32,
    pub(super) tick: u32,
    pub(super) first_glue: u32,
}

impl Plan {
    pub(super) fn glue(&self, glue: Glue) -> u32 {
        self.first_glue + glue as u32
    }
}

/// Functions that neither module has, in the order in which they come last in the joined one.
#[derive(Clone, Copy)]
pub(super) enum Glue {
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
    pub(super) const ALL: [Self; 9] = [
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
    pub(super) fn name(self) -> Option<&'static str> {
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

    pub(super) fn signature(self) -> (&'static [ValType], &'static [ValType]) {
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

    pub(super) fn body(self, plan: &Plan) -> Function {
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
