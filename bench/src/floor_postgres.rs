//! The floor on PostgreSQL: the same rows through `UNNEST`, the same batches, two connections.

use bursar_context::Cx;
use bursar_db::DatabaseUrl;
use bursar_fault::Fault;
use bursar_time::Stopwatch;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, NoTls};

use crate::billing_run::Raw;
use crate::rows::{ADVANCED, Batches, INDEX_DELIVERIES, INVOICES, REFERRED, TABLES};

/// Batches read ahead, untimed, before they are written, timed.
const READ_AHEAD: usize = 20;

const ADVANCE: &str = "UPDATE billing_subscriptions AS t SET status = v.a, next_start_on = v.b, next_end_on = v.c,
        next_bill_on = v.d, ended_on = v.e, periods_left = v.f, version = v.g
    FROM UNNEST($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
                $9::bigint[]) AS v(a, b, c, d, e, f, g, h, i) WHERE t.id = v.h AND t.version = v.i";

enum Column {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

struct Load {
    text: String,
    columns: Vec<Column>,
    rows: u64,
}

fn sql(error: tokio_postgres::Error) -> Fault {
    Fault::wrap("measuring the floor", error)
}

pub(crate) async fn measure(from: &Cx, to: &Cx) -> Result<Raw, Fault> {
    let source = connect(from).await?;
    let writers = [connect(to).await?, connect(to).await?];
    source.batch_execute(INDEX_DELIVERIES).await.map_err(sql)?;
    for name in REFERRED {
        let load =
            read(&source, name, &format!("SELECT * FROM {name} WHERE 1::bigint BETWEEN $1 AND $2"), 0, 2)
                .await?;
        if load.rows > 0 {
            execute(&writers[0], &load).await?;
        }
    }
    let mut raw = Raw { seconds: 0.0, rows: 0 };
    let batches = batches(&source).await?;
    for group in batches.chunks(READ_AHEAD) {
        let mut loads: [Vec<Vec<Load>>; 2] = [Vec::new(), Vec::new()];
        for (n, (lo, hi)) in group.iter().enumerate() {
            let batch = load(&source, *lo, *hi).await?;
            raw.rows += batch.iter().map(|l| l.rows).sum::<u64>();
            loads[n % 2].push(batch);
        }
        let watch = Stopwatch::start();
        let (one, two) = tokio::join!(write(&writers[0], &loads[0]), write(&writers[1], &loads[1]));
        one.and(two)?;
        raw.seconds += watch.elapsed().as_secs_f64();
    }
    Ok(raw)
}

async fn connect(cx: &Cx) -> Result<Client, Fault> {
    let DatabaseUrl::Postgres(url) = cx.db().url() else {
        return Err(Fault::new("not a PostgreSQL database"));
    };
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(sql)?;
    #[expect(
        clippy::disallowed_methods,
        reason = "the connection is driven beside the statements of this benchmark"
    )]
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            drop(error);
        }
    });
    Ok(client)
}

async fn batches(source: &Client) -> Result<Vec<(i64, i64)>, Fault> {
    let mut batches = Batches::default();
    for row in source.query(INVOICES, &[]).await.map_err(sql)? {
        batches.add(row.get(0));
    }
    Ok(batches.ranges())
}

async fn load(source: &Client, lo: i64, hi: i64) -> Result<Vec<Load>, Fault> {
    let mut advanced = read(source, "", ADVANCED, lo, hi).await?;
    ADVANCE.clone_into(&mut advanced.text);
    let mut loads = vec![advanced];
    for table in TABLES {
        loads.push(read(source, table.name, table.select, lo, hi).await?);
    }
    Ok(loads)
}

async fn read(source: &Client, name: &str, select: &str, lo: i64, hi: i64) -> Result<Load, Fault> {
    let statement = source.prepare(select).await.map_err(sql)?;
    let rows = source.query(&statement, &[&lo, &hi]).await.map_err(sql)?;
    let mut arrays = Vec::new();
    let mut columns = Vec::new();
    for (n, column) in statement.columns().iter().enumerate() {
        let (kind, values) = match *column.type_() {
            Type::INT8 => ("bigint", Column::Int(rows.iter().map(|r| r.get(n)).collect())),
            Type::BYTEA => ("bytea", Column::Bytes(rows.iter().map(|r| r.get(n)).collect())),
            _ => ("text", Column::Text(rows.iter().map(|r| r.get(n)).collect())),
        };
        arrays.push(format!("${}::{kind}[]", n + 1));
        columns.push(values);
    }
    let text = format!("INSERT INTO {name} SELECT * FROM UNNEST({})", arrays.join(", "));
    Ok(Load { text, columns, rows: rows.len() as u64 })
}

async fn write(client: &Client, batches: &[Vec<Load>]) -> Result<(), Fault> {
    for batch in batches {
        client.batch_execute("BEGIN").await.map_err(sql)?;
        for load in batch.iter().filter(|load| load.rows > 0) {
            execute(client, load).await?;
        }
        client.batch_execute("COMMIT").await.map_err(sql)?;
    }
    Ok(())
}

async fn execute(client: &Client, load: &Load) -> Result<(), Fault> {
    let values: Vec<&(dyn ToSql + Sync)> = load
        .columns
        .iter()
        .map(|column| match column {
            Column::Int(values) => values as &(dyn ToSql + Sync),
            Column::Text(values) => values,
            Column::Bytes(values) => values,
        })
        .collect();
    client.execute(&load.text, &values).await.map(drop).map_err(sql)
}
