//! Selects the containers of an allowlist to compare with a container of a workload: all of them, unless there are
//! many.

use super::{AllowedContainer, Allowlist};
use crate::pattern::is_pattern;
use hallpass_document::Places;
use hallpass_document::sorted;
use hallpass_workload::{Container, ContainerList};

/// The maximum number of containers to compare for an explanation, in addition to those with the same name or image.
const EXPLAINED: usize = 100;

/// The positions of containers by name and by image.
#[derive(Debug, Default)]
pub(super) struct Candidates<'v> {
    names: Places<'v>,
    images: Places<'v>,
    /// Containers that accept other images than the one that they name.
    wide: Vec<usize>,
}

impl<'v> Candidates<'v> {
    pub(super) fn of(containers: &[AllowedContainer<'v>]) -> Self {
        let list = |container: &AllowedContainer<'v>| container.list.field();
        let image =
            |container: &AllowedContainer<'v>| container.image.as_ref().map_or("", |image| image.text);
        let images = Places::of(containers.iter().map(|container| (image(container), list(container))));
        let mut wide = Vec::new();
        if images.is_built() {
            let all = containers.iter().enumerate();
            let accept_more =
                all.filter(|(_, container)| !container.digests.is_empty() || is_pattern(image(container)));
            wide.extend(accept_more.map(|(place, _)| place));
        }
        let names = Places::of(containers.iter().map(|container| (container.name, list(container))));
        Candidates { names, images, wide }
    }
}

/// A container of an allowlist, and its place among all of them.
type Placed<'p, 'v> = (usize, &'p AllowedContainer<'v>);

impl<'v> Allowlist<'v> {
    /// Returns the containers in the same list that may accept a container's image (rule M5), in order.
    pub(crate) fn candidates<'p>(
        &'p self,
        container: &'p Container<'_>,
    ) -> impl Iterator<Item = Placed<'p, 'v>> {
        let list = container.list;
        let images = &self.candidates.images;
        let (all, some) = match &container.image {
            Some(image) if images.is_built() => {
                let of = |text| images.candidates((text, list.field()), 0);
                let mut places: Vec<usize> = of(image.path).chain(of(image.full)).collect();
                places.extend(&self.candidates.wide);
                let mut places = sorted(places);
                places.dedup();
                (0, places)
            }
            _ => (self.containers.len(), Vec::new()),
        };
        let placed = (0..all).chain(some).filter_map(|place| Some((place, self.containers.get(place)?)));
        placed.filter(move |(_, allowed)| allowed.list == list)
    }

    /// Returns the containers of a list to compare with one of the workload for an explanation: those with the same name,
    /// then the others.
    pub(crate) fn explaining(&self, container: &Container<'_>, list: ContainerList) -> Vec<Placed<'_, 'v>> {
        let name = container.name;
        let count = self.containers.len();
        let mut others = Vec::new();
        // If there are very many, compares only the first ones and those that may match, so that no match is missed.
        others.extend(0..count.min(EXPLAINED));
        if count > EXPLAINED {
            others.extend(self.candidates(container).map(|(place, _)| place));
        }
        let mut placed = Vec::new();
        let mut add = |place: usize, is_namesake: bool| {
            let found = self.containers.get(place).filter(|allowed| allowed.list == list);
            let found = found.filter(|allowed| (allowed.name == name) == is_namesake);
            placed.extend(found.map(|allowed| (place, allowed)));
        };
        self.candidates.names.candidates((name, list.field()), count).for_each(|place| add(place, true));
        others.into_iter().for_each(|place| add(place, false));
        placed
    }
}
