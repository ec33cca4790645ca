//! Every property holds for the seeds, from which fuzzing starts.

#[cfg(test)]
mod seeds {
    use hallpass_fuzz::{decide, patterns, reader, seeds};

    #[test]
    fn the_laws_of_the_reader_hold() {
        seeds::manifests().unwrap().iter().for_each(|seed| reader::check(seed));
    }

    #[test]
    fn the_laws_of_patterns_hold() {
        seeds::patterns().unwrap().iter().for_each(|seed| patterns::check(seed));
    }

    #[test]
    fn the_laws_of_the_decision_hold() {
        seeds::cases().unwrap().iter().for_each(|seed| decide::check(seed));
    }
}
