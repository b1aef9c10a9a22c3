// libpq, opened when a shared store is first asked for: who has no fleet needs neither it nor its headers. Its functions
// are declared here as PostgreSQL 14 and later have them (postgresql.org/docs/current/libpq.html).
#ifndef CROSSFADE_CPOSTGRES_H
#define CROSSFADE_CPOSTGRES_H

#include <stdbool.h>

typedef struct pg_conn crossfade_pg_connection;
typedef struct pg_result crossfade_pg_result;

// What a connection that is being opened waits for.
enum crossfade_pg_polling { CROSSFADE_PG_FAILED, CROSSFADE_PG_READING, CROSSFADE_PG_WRITING, CROSSFADE_PG_OPEN };

// What became of a statement.
enum crossfade_pg_status {
  CROSSFADE_PG_DONE,
  CROSSFADE_PG_ROWS,
  CROSSFADE_PG_REFUSED,
  CROSSFADE_PG_SKIPPED,
  CROSSFADE_PG_SYNCED,
  CROSSFADE_PG_OTHER
};

enum crossfade_pg_waiting { CROSSFADE_PG_READY, CROSSFADE_PG_LATE, CROSSFADE_PG_BROKEN };

// Once, before everything else. Returns NULL, or what is missing, in the loader's words.
const char *crossfade_pg_load(void);

// An option of a connection URL, to be freed; NULL where it has none, or is no URL that libpq understands.
char *crossfade_pg_option(const char *url, const char *keyword);
bool crossfade_pg_is_understood(const char *url);

// NULL where there is no memory. `session` is libpq's target_session_attrs, which the URL may override.
crossfade_pg_connection *crossfade_pg_start(const char *url, const char *session);
enum crossfade_pg_polling crossfade_pg_poll(crossfade_pg_connection *connection);
// Calls do not wait from here on, and statements may be sent before the former has been answered.
bool crossfade_pg_prepare(crossfade_pg_connection *connection);
void crossfade_pg_finish(crossfade_pg_connection *connection);
// Good until the connection is used again.
const char *crossfade_pg_message(const crossfade_pg_connection *connection);

// Waits for the socket; milliseconds < 0 would be without a limit.
enum crossfade_pg_waiting crossfade_pg_wait(
    const crossfade_pg_connection *connection, bool reads, bool writes, int milliseconds);

bool crossfade_pg_send(
    crossfade_pg_connection *connection, const char *statement, int count, const char *const *values, const int *lengths,
    const int *formats);
bool crossfade_pg_sync(crossfade_pg_connection *connection);
// 0: all is sent; 1: not yet; -1: the connection is broken.
int crossfade_pg_flush(crossfade_pg_connection *connection);
bool crossfade_pg_consume(crossfade_pg_connection *connection);
bool crossfade_pg_is_busy(crossfade_pg_connection *connection);
bool crossfade_pg_is_alive(const crossfade_pg_connection *connection);

// NULL between two statements' results. To be cleared.
crossfade_pg_result *crossfade_pg_next(crossfade_pg_connection *connection);
enum crossfade_pg_status crossfade_pg_status_of(const crossfade_pg_result *result);
// The SQLSTATE and the primary message of a refusal; NULL where there is none.
const char *crossfade_pg_state(const crossfade_pg_result *result);
const char *crossfade_pg_reason(const crossfade_pg_result *result);
int crossfade_pg_row_count(const crossfade_pg_result *result);
int crossfade_pg_column_count(const crossfade_pg_result *result);
const char *crossfade_pg_column_name(const crossfade_pg_result *result, int column);
// NULL for null; text.
const char *crossfade_pg_value(const crossfade_pg_result *result, int row, int column, int *length);
void crossfade_pg_clear(crossfade_pg_result *result);

#endif
