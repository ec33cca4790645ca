//! A parsed pattern: a tree in a flat list, so that traversing and dropping it does not recurse.

use crate::error::Kind;
use crate::nfa::Look;
use crate::utf8::ByteClass;

/// Go's limit on the height of a tree.
const MAX_HEIGHT: u64 = 1000;

/// The maximum number of copies in nested counted repetitions: the limit of Go and RE2.
const MAX_COPIES: u64 = 1000;

/// The maximum size of the automaton of a list, in states and arcs: about twenty megabytes. RE2's limit is of the same
/// order, Go's is ten times larger.
pub(crate) const MAX_COST: u64 = 1 << 19;

/// The index of a [`Node`] in its tree. Children precede their parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// The index of a character class in a tree; nodes share classes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassId(usize);

#[derive(Debug)]
pub(crate) enum Node {
    Char(char),
    Class(ClassId),
    Look(Look),
    /// A sequence; an empty one is the empty text.
    Concat(Vec<NodeId>),
    Alternate(Vec<NodeId>),
    Repeat {
        node: NodeId,
        min: u32,
        /// `None` is unlimited.
        max: Option<u32>,
        /// Whether it is written with braces: only those count towards [`MAX_COPIES`].
        counted: bool,
    },
}

/// The values that are limited.
#[derive(Clone, Copy, Default)]
struct Size {
    height: u64,
    copies: u64,
    cost: u64,
}

#[derive(Default)]
pub(crate) struct Ast {
    nodes: Vec<Node>,
    sizes: Vec<Size>,
    classes: Vec<ByteClass>,
    root: Option<NodeId>,
    /// Limits the memory of the tree itself.
    leaf_cost: u64,
}

impl Ast {
    /// Creates a tree with space for a pattern of this many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Ast { nodes: Vec::with_capacity(bytes), sizes: Vec::with_capacity(bytes), ..Ast::default() }
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    pub(crate) fn class(&self, id: ClassId) -> Option<&ByteClass> {
        self.classes.get(id.0)
    }

    pub(crate) fn root(&self) -> Option<NodeId> {
        self.root
    }

    pub(crate) fn set_root(&mut self, root: NodeId) {
        self.root = Some(root);
    }

    /// Returns the size of the automaton of the whole tree, in states and arcs.
    pub(crate) fn cost(&self) -> u64 {
        self.root.map_or(0, |root| self.size(root).cost)
    }

    pub(crate) fn add_class(&mut self, class: ByteClass) -> ClassId {
        self.classes.push(class);
        ClassId(self.classes.len() - 1)
    }

    /// Adds a node, unless the tree would exceed a limit.
    pub(crate) fn add(&mut self, node: Node) -> Result<NodeId, Kind> {
        let size = self.measure(&node);
        if matches!(node, Node::Char(_) | Node::Class(_) | Node::Look(_)) {
            self.leaf_cost = self.leaf_cost.saturating_add(size.cost);
        }
        if size.cost > MAX_COST || self.leaf_cost > MAX_COST {
            return Err(Kind::Large);
        }
        if size.height > MAX_HEIGHT {
            return Err(Kind::NestingDepth);
        }
        if size.copies > MAX_COPIES {
            return Err(Kind::RepeatCount);
        }
        self.nodes.push(node);
        self.sizes.push(size);
        Ok(NodeId(self.nodes.len() - 1))
    }

    /// Go counts a capturing group as a separate level; this tree contains only its content.
    pub(crate) fn raise(&mut self, id: NodeId) -> Result<(), Kind> {
        let Some(size) = self.sizes.get_mut(id.0) else { return Ok(()) };
        size.height += 1;
        if size.height > MAX_HEIGHT { Err(Kind::NestingDepth) } else { Ok(()) }
    }

    fn size(&self, id: NodeId) -> Size {
        self.sizes.get(id.0).copied().unwrap_or_default()
    }

    fn measure(&self, node: &Node) -> Size {
        let leaf = |cost| Size { height: 1, copies: 1, cost };
        match node {
            Node::Char(c) => leaf(c.len_utf8() as u64),
            Node::Class(id) => leaf(self.class(*id).map_or(1, ByteClass::cost)),
            Node::Look(_) => leaf(1),
            Node::Concat(items) => self.measure_all(items, 0),
            Node::Alternate(branches) => {
                let size = self.measure_all(branches, branches.len() as u64);
                Size { height: size.height.saturating_add(self.factoring(branches)), ..size }
            }
            Node::Repeat { node, min, max, counted } => {
                let inner = self.size(*node);
                let times = u64::from(max.unwrap_or(*min)).max(1);
                let counted = if *counted { times } else { 1 };
                Size {
                    height: inner.height + 1,
                    copies: inner.copies.saturating_mul(counted),
                    cost: times.saturating_mul(inner.cost.saturating_add(1)),
                }
            }
        }
    }

    fn measure_all(&self, parts: &[NodeId], own_cost: u64) -> Size {
        let start = Size { height: 0, copies: 1, cost: own_cost.max(1) };
        let all = parts.iter().map(|id| self.size(*id)).fold(start, |sum, part| Size {
            height: sum.height.max(part.height),
            copies: sum.copies.max(part.copies),
            cost: sum.cost.saturating_add(part.cost),
        });
        Size { height: all.height + 1, ..all }
    }

    /// The maximum number of levels that Go can add to an alternation by factoring out common prefixes: two for each
    /// factoring, which removes an item from at least two branches, by text and then by class. An upper bound rejects
    /// what Go rejects, and no realistic pattern.
    fn factoring(&self, branches: &[NodeId]) -> u64 {
        let items = |id: &NodeId| match self.node(*id) {
            Some(Node::Concat(items)) => items.len(),
            _ => 1,
        };
        let longest = branches.iter().map(items).max().unwrap_or(0);
        let times = longest.min(2 * branches.len().saturating_sub(1));
        2 * times as u64
    }
}
