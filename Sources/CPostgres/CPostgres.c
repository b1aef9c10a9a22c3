#include "CPostgres.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
static const char *const library_name = "libpq.5.dylib";
#else
static const char *const library_name = "libpq.so.5";
#endif

// As libpq-fe.h has them.
typedef struct {
  char *keyword;
  char *envvar;
  char *compiled;
  char *val;
  char *label;
  char *dispchar;
  int dispsize;
} option;

enum { connection_ok = 0, connection_bad = 1 };
enum { polling_failed, polling_reading, polling_writing, polling_ok };
enum { result_command_ok = 1, result_tuples_ok = 2, result_fatal_error = 7, result_sync = 10, result_aborted = 11 };
enum { field_state = 'C', field_primary = 'M' };

typedef void (*notice_receiver)(void *context, const crossfade_pg_result *result);

static struct {
  option *(*conninfo_parse)(const char *text, char **message);
  void (*conninfo_free)(option *options);
  void (*free_memory)(void *pointer);
  crossfade_pg_connection *(*connect_start)(const char *const *keywords, const char *const *values, int expand);
  int (*connect_poll)(crossfade_pg_connection *connection);
  int (*status)(const crossfade_pg_connection *connection);
  int (*socket)(const crossfade_pg_connection *connection);
  char *(*error_message)(const crossfade_pg_connection *connection);
  void (*finish)(crossfade_pg_connection *connection);
  notice_receiver (*set_notice_receiver)(crossfade_pg_connection *connection, notice_receiver receiver, void *context);
  int (*set_nonblocking)(crossfade_pg_connection *connection, int is_nonblocking);
  int (*enter_pipeline)(crossfade_pg_connection *connection);
  int (*pipeline_sync)(crossfade_pg_connection *connection);
  int (*send_params)(
      crossfade_pg_connection *connection, const char *statement, int count, const unsigned *types,
      const char *const *values, const int *lengths, const int *formats, int format);
  int (*flush)(crossfade_pg_connection *connection);
  int (*consume_input)(crossfade_pg_connection *connection);
  int (*is_busy)(crossfade_pg_connection *connection);
  crossfade_pg_result *(*get_result)(crossfade_pg_connection *connection);
  int (*result_status)(const crossfade_pg_result *result);
  char *(*error_field)(const crossfade_pg_result *result, int field);
  int (*row_count)(const crossfade_pg_result *result);
  int (*column_count)(const crossfade_pg_result *result);
  char *(*column_name)(const crossfade_pg_result *result, int column);
  char *(*value)(const crossfade_pg_result *result, int row, int column);
  int (*length)(const crossfade_pg_result *result, int row, int column);
  int (*is_null)(const crossfade_pg_result *result, int row, int column);
  void (*clear)(crossfade_pg_result *result);
} pq;

const char *crossfade_pg_load(void) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
  const struct {
    const char *name;
    void *slot;
  } functions[] = {
      {"PQconninfoParse", &pq.conninfo_parse}, {"PQconninfoFree", &pq.conninfo_free},
      {"PQfreemem", &pq.free_memory},          {"PQconnectStartParams", &pq.connect_start},
      {"PQconnectPoll", &pq.connect_poll},     {"PQstatus", &pq.status},
      {"PQsocket", &pq.socket},                {"PQerrorMessage", &pq.error_message},
      {"PQfinish", &pq.finish},                {"PQsetNoticeReceiver", &pq.set_notice_receiver},
      {"PQsetnonblocking", &pq.set_nonblocking}, {"PQenterPipelineMode", &pq.enter_pipeline},
      {"PQpipelineSync", &pq.pipeline_sync},   {"PQsendQueryParams", &pq.send_params},
      {"PQflush", &pq.flush},                  {"PQconsumeInput", &pq.consume_input},
      {"PQisBusy", &pq.is_busy},               {"PQgetResult", &pq.get_result},
      {"PQresultStatus", &pq.result_status},   {"PQresultErrorField", &pq.error_field},
      {"PQntuples", &pq.row_count},            {"PQnfields", &pq.column_count},
      {"PQfname", &pq.column_name},            {"PQgetvalue", &pq.value},
      {"PQgetlength", &pq.length},             {"PQgetisnull", &pq.is_null},
      {"PQclear", &pq.clear},
  };
  for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
    void *function = dlsym(library, functions[index].name);
    if (function == NULL) return dlerror();
    // POSIX: what dlsym returns may be stored into a function pointer this way.
    *(void **)functions[index].slot = function;
  }
  return NULL;
}

static option *parse(const char *url) {
  char *message = NULL;
  option *options = pq.conninfo_parse(url, &message);
  // It may quote the password.
  if (message != NULL) pq.free_memory(message);
  return options;
}

bool crossfade_pg_is_understood(const char *url) {
  option *options = parse(url);
  if (options == NULL) return false;
  pq.conninfo_free(options);
  return true;
}

char *crossfade_pg_option(const char *url, const char *keyword) {
  option *options = parse(url);
  if (options == NULL) return NULL;
  char *value = NULL;
  for (option *each = options; each->keyword != NULL; each++) {
    if (strcmp(each->keyword, keyword) == 0 && each->val != NULL) value = strdup(each->val);
  }
  pq.conninfo_free(options);
  return value;
}

// libpq would print what the server remarks.
static void ignore(void *context, const crossfade_pg_result *result) {}

crossfade_pg_connection *crossfade_pg_start(const char *url, const char *session) {
  // What stands before the URL it may override, what stands after it it may not.
  const char *const keywords[] = {
      "fallback_application_name", "target_session_attrs", "dbname", "client_encoding", NULL};
  const char *const values[] = {"crossfade", session, url, "UTF8", NULL};
  crossfade_pg_connection *connection = pq.connect_start(keywords, values, 1);
  if (connection != NULL) pq.set_notice_receiver(connection, ignore, NULL);
  return connection;
}

enum crossfade_pg_polling crossfade_pg_poll(crossfade_pg_connection *connection) {
  switch (pq.connect_poll(connection)) {
    case polling_reading: return CROSSFADE_PG_READING;
    case polling_writing: return CROSSFADE_PG_WRITING;
    case polling_ok: return CROSSFADE_PG_OPEN;
    default: return CROSSFADE_PG_FAILED;
  }
}

bool crossfade_pg_prepare(crossfade_pg_connection *connection) {
  return pq.set_nonblocking(connection, 1) == 0 && pq.enter_pipeline(connection) == 1;
}

void crossfade_pg_finish(crossfade_pg_connection *connection) { pq.finish(connection); }
const char *crossfade_pg_message(const crossfade_pg_connection *connection) { return pq.error_message(connection); }

bool crossfade_pg_is_alive(const crossfade_pg_connection *connection) {
  return pq.status(connection) != connection_bad;
}

enum crossfade_pg_waiting crossfade_pg_wait(
    const crossfade_pg_connection *connection, bool reads, bool writes, int milliseconds) {
  struct pollfd entry = {.fd = pq.socket(connection), .events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0)};
  if (entry.fd < 0) return CROSSFADE_PG_BROKEN;
  int count = poll(&entry, 1, milliseconds);
  if (count > 0) return CROSSFADE_PG_READY;
  // Interrupted is not late: the caller looks at its clock again.
  if (count < 0) return errno == EINTR ? CROSSFADE_PG_READY : CROSSFADE_PG_BROKEN;
  return CROSSFADE_PG_LATE;
}

bool crossfade_pg_send(
    crossfade_pg_connection *connection, const char *statement, int count, const char *const *values, const int *lengths,
    const int *formats) {
  return pq.send_params(connection, statement, count, NULL, values, lengths, formats, 0) == 1;
}

bool crossfade_pg_sync(crossfade_pg_connection *connection) { return pq.pipeline_sync(connection) == 1; }
int crossfade_pg_flush(crossfade_pg_connection *connection) { return pq.flush(connection); }
bool crossfade_pg_consume(crossfade_pg_connection *connection) { return pq.consume_input(connection) == 1; }
bool crossfade_pg_is_busy(crossfade_pg_connection *connection) { return pq.is_busy(connection) == 1; }

crossfade_pg_result *crossfade_pg_next(crossfade_pg_connection *connection) { return pq.get_result(connection); }

enum crossfade_pg_status crossfade_pg_status_of(const crossfade_pg_result *result) {
  switch (pq.result_status(result)) {
    case result_command_ok: return CROSSFADE_PG_DONE;
    case result_tuples_ok: return CROSSFADE_PG_ROWS;
    case result_fatal_error: return CROSSFADE_PG_REFUSED;
    case result_aborted: return CROSSFADE_PG_SKIPPED;
    case result_sync: return CROSSFADE_PG_SYNCED;
    default: return CROSSFADE_PG_OTHER;
  }
}

const char *crossfade_pg_state(const crossfade_pg_result *result) { return pq.error_field(result, field_state); }
const char *crossfade_pg_reason(const crossfade_pg_result *result) { return pq.error_field(result, field_primary); }
int crossfade_pg_row_count(const crossfade_pg_result *result) { return pq.row_count(result); }
int crossfade_pg_column_count(const crossfade_pg_result *result) { return pq.column_count(result); }

const char *crossfade_pg_column_name(const crossfade_pg_result *result, int column) {
  return pq.column_name(result, column);
}

const char *crossfade_pg_value(const crossfade_pg_result *result, int row, int column, int *length) {
  if (pq.is_null(result, row, column)) return NULL;
  *length = pq.length(result, row, column);
  return pq.value(result, row, column);
}

void crossfade_pg_clear(crossfade_pg_result *result) { pq.clear(result); }
