//! The skeleton of a document for whoever cannot see the page: headings, lists, tables, figures,
//! in reading order, each pointing at the marks on paper that show it.

/// What a piece of the document is, in the words of PDF 1.7 (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Document,
    Division,
    H1,
    H2,
    H3,
    Paragraph,
    List,
    ListItem,
    Label,
    ListBody,
    Table,
    TableRow,
    HeaderCell,
    Cell,
    Figure,
    Link,
}

impl Role {
    /// The name PDF gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Division => "Div",
            Self::H1 => "H1",
            Self::H2 => "H2",
            Self::H3 => "H3",
            Self::Paragraph => "P",
            Self::List => "L",
            Self::ListItem => "LI",
            Self::Label => "Lbl",
            Self::ListBody => "LBody",
            Self::Table => "Table",
            Self::TableRow => "TR",
            Self::HeaderCell => "TH",
            Self::Cell => "TD",
            Self::Figure => "Figure",
            Self::Link => "Link",
        }
    }
}

/// The place of an element in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node(pub usize);

/// One element.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    pub role: Role,
    pub parent: Option<Node>,
    pub kids: Vec<Kid>,
    /// What must be said of it when it is a figure.
    pub figure: Option<Figure>,
}

/// What an element holds, in reading order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kid {
    /// A smaller element.
    Element(Node),
    /// A marked piece of a page: the page from 0, and the number of the mark on it.
    Mark { page: usize, number: usize },
    /// A link of [`Tree::links`].
    Link(usize),
}

/// A picture, for whoever cannot see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it shows.
    pub words: String,
    /// Left, bottom, right, top in points from the lower left corner.
    pub corners: [f32; 4],
}

/// A rectangle of a page that leads to an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub page: usize,
    /// Left, bottom, right, top in points from the lower left corner.
    pub corners: [f32; 4],
    pub url: String,
    pub element: Node,
}

/// The whole skeleton.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub elements: Vec<Element>,
    pub links: Vec<Link>,
}

impl Tree {
    /// The element that holds all others.
    pub const ROOT: Node = Node(0);

    /// A document with nothing in it.
    pub fn new() -> Self {
        let root = Element {
            role: Role::Document,
            parent: None,
            kids: Vec::new(),
            figure: None,
        };
        Self {
            elements: vec![root],
            links: Vec::new(),
        }
    }

    /// Adds an element as the last one of its parent.
    pub fn add(&mut self, parent: Node, role: Role) -> Node {
        let node = Node(self.elements.len());
        self.elements.push(Element {
            role,
            parent: Some(parent),
            kids: Vec::new(),
            figure: None,
        });
        self.hold(parent, Kid::Element(node));
        node
    }

    /// Says in words what a figure shows, and where it is.
    pub fn describe(&mut self, node: Node, figure: Figure) {
        if let Some(element) = self.elements.get_mut(node.0) {
            element.figure = Some(figure);
        }
    }

    /// Makes something the last thing an element holds.
    pub fn hold(&mut self, node: Node, kid: Kid) {
        if let Some(element) = self.elements.get_mut(node.0) {
            element.kids.push(kid);
        }
    }

    /// Lays a link over a rectangle, as part of an element.
    pub fn link(&mut self, link: Link) {
        let element = link.element;
        self.hold(element, Kid::Link(self.links.len()));
        self.links.push(link);
    }
}
