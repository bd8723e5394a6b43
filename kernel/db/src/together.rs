//! Reading several things at once.
//!
//! A statement on PostgreSQL costs far more in going there and back than in being answered. Readers that do not need each
//! other's answers send their statements one behind the other and then wait: the server finds the next one as soon as it
//! has answered one, and sleeps once instead of after each.

use std::sync::Arc;

use futures_util::future::{join, join_all};

use crate::tx::{Conn, Tx};

impl Tx {
    /// Runs readers none of which needs what another one reads, and gives what they read in their order. All of them see
    /// the same snapshot. On SQLite, and in a unit that writes, they run one after the other.
    ///
    /// # Errors
    /// Of the readers that failed, what the first one says; the others have run to their end as well.
    pub async fn together<T, E, R>(&mut self, readers: impl IntoIterator<Item = R>) -> Result<Vec<T>, E>
    where
        R: AsyncFnOnce(&mut Self) -> Result<T, E>,
    {
        let mut runs: Vec<(Option<Self>, R)> =
            readers.into_iter().map(|reader| (self.shared(), reader)).collect();
        if runs.iter().any(|(own, _)| own.is_none()) {
            let mut found = Vec::with_capacity(runs.len());
            for (_, reader) in runs {
                found.push(reader(self).await?);
            }
            return Ok(found);
        }
        let outcomes = join_all(runs.drain(..).filter_map(|(own, reader)| {
            own.map(|mut own| async move {
                let outcome = reader(&mut own).await;
                (own, outcome)
            })
        }))
        .await;
        let mut found = Vec::with_capacity(outcomes.len());
        let mut failed: Option<(Self, E)> = None;
        for (own, outcome) in outcomes {
            self.retry = self.retry.or(own.retry);
            match outcome {
                Ok(value) => found.push(value),
                // What went wrong, not that a statement came after one that went wrong.
                Err(error) if failed.as_ref().is_none_or(|(first, _)| first.is_bystander) => {
                    failed = Some((own, error));
                }
                Err(_) => {}
            }
        }
        let Some((own, error)) = failed else { return Ok(found) };
        self.is_bystander = own.is_bystander;
        Err(error)
    }

    /// As [`together`](Self::together), for two readers that read different things.
    pub async fn both<A, B, E>(
        &mut self,
        first: impl AsyncFnOnce(&mut Self) -> Result<A, E>,
        second: impl AsyncFnOnce(&mut Self) -> Result<B, E>,
    ) -> Result<(A, B), E> {
        let (Some(mut one), Some(mut other)) = (self.shared(), self.shared()) else {
            return Ok((first(self).await?, second(self).await?));
        };
        let read = join(first(&mut one), second(&mut other)).await;
        self.retry = self.retry.or(one.retry).or(other.retry);
        let (own, error) = match read {
            (Ok(a), Ok(b)) => return Ok((a, b)),
            (Err(_), Err(error)) if one.is_bystander => (other, error),
            (Err(error), _) => (one, error),
            (Ok(_), Err(error)) => (other, error),
        };
        self.is_bystander = own.is_bystander;
        Err(error)
    }

    /// The same connection once more, where statements of several readers may be on their way at a time.
    fn shared(&self) -> Option<Self> {
        match &self.conn {
            Conn::Postgres(session) if self.mode.has_snapshot() => Some(Self {
                conn: Conn::Postgres(session.clone()),
                scope: Arc::clone(&self.scope),
                ids: Arc::clone(&self.ids),
                mode: self.mode,
                has_glanced: false,
                retry: None,
                is_bystander: false,
            }),
            Conn::Postgres(_) | Conn::Sqlite(_) => None,
        }
    }
}
