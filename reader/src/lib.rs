//! Manifests read as kubectl reads them, with the position of every node.
