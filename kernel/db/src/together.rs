//! Reading several things at once.
//!
//! A statement on PostgreSQL costs far more in going there and back than in being answered. Readers that do not need each
//! other's answers send their statements one behind the other and then wait: the server finds the next one as soon as it
//! has answered one, and sleeps once instead of after each.

use std::sync::Arc;

use futures_util::future::{join, join_all};

use crate::asked::Asked;
use crate::session::Session;
use crate::tx::{Conn, Tx};

impl Tx {
    /// Runs readers none of which needs what another one reads, and gives what they read in their order. All of them see
    /// the same snapshot, and who asks what another one asks gets the same rows. On SQLite, and in a unit that writes, they
    /// run one after the other.
    ///
    /// # Errors
    /// Of the readers that failed, what the first one says; the others have run to their end as well.
    pub async fn together<T, E, R>(&mut self, readers: impl IntoIterator<Item = R>) -> Result<Vec<T>, E>
    where
        R: AsyncFnOnce(&mut Self) -> Result<T, E>,
    {
        let readers: Vec<R> = readers.into_iter().collect();
        let Some((session, asked)) = self.sharable().filter(|_| readers.len() > 1) else {
            let mut found = Vec::with_capacity(readers.len());
            for reader in readers {
                found.push(reader(self).await?);
            }
            return Ok(found);
        };
        let outcomes = join_all(readers.into_iter().map(|reader| {
            let mut own = self.beside(&session, &asked);
            async move {
                let outcome = reader(&mut own).await;
                (own, outcome)
            }
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
        let Some((session, asked)) = self.sharable() else {
            return Ok((first(self).await?, second(self).await?));
        };
        let (mut one, mut other) = (self.beside(&session, &asked), self.beside(&session, &asked));
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

    /// The connection, where statements of several readers may be on their way at a time, and what they ask. Readers of a
    /// reader hear what those beside it have asked.
    fn sharable(&self) -> Option<(Session, Asked)> {
        match &self.conn {
            Conn::Postgres(session) if self.mode.only_reads() => {
                Some((session.clone(), self.asked.clone().unwrap_or_default()))
            }
            Conn::Postgres(_) | Conn::Sqlite(_) => None,
        }
    }

    /// The same unit once more, for one of its readers.
    fn beside(&self, session: &Session, asked: &Asked) -> Self {
        Self {
            conn: Conn::Postgres(session.clone()),
            scope: Arc::clone(&self.scope),
            ids: Arc::clone(&self.ids),
            mode: self.mode,
            retry: None,
            is_bystander: false,
            asked: Some(asked.clone()),
        }
    }
}
