//! Sets of ids.

/// Kept in order, as most of them come.
#[derive(Default)]
pub struct Ids(Vec<i64>);

impl Ids {
    pub fn contains(&self, id: i64) -> bool {
        self.0.binary_search(&id).is_ok()
    }

    /// Whether it is new.
    pub fn insert(&mut self, id: i64) -> bool {
        let place = self.0.binary_search(&id);
        if let Err(at) = place {
            self.0.insert(at, id);
        }
        place.is_err()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<i64> for Ids {
    fn from_iter<T: IntoIterator<Item = i64>>(ids: T) -> Self {
        let mut all = Self::default();
        for id in ids {
            all.insert(id);
        }
        all
    }
}
