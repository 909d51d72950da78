/* libecgrid 0.1.0: log in to ECGrid, the EDI network, from C.
 *
 * Generated from src/ffi/ of libecgrid; do not edit.
 *
 * Every function that can fail returns an ecgrid_status, writes its result through an out-pointer and takes
 * `ecgrid_error **error` last, which may be NULL. Every `const char *` that a function returns is borrowed from its
 * handle, NUL-terminated UTF-8, never NULL; nobody frees a string. Only a _config and a _route belong to one thread at
 * a time. On failure a result is NULL; the one exception are the counts of ecgrid_inbox_receive and ecgrid_outbox_send,
 * which are set in any case.
 * The library prints nothing, installs no signal handler, and has threads of its own only while a name is looked up,
 * Windows judges a certificate, a session renews its token, or a session is open that is kept alive
 * (ecgrid_config_set_keep_alive).
 *
 * Where functions may be called: on any thread with 64 KiB of stack, also in atexit handlers and in destructors of
 * threads and of the program. No function may be called from a signal handler. A forked child may make handles of its
 * own; it may free its parent's.
 *
 * What a program may get wrong: NULL, text that is not UTF-8, numbers out of range and handles freed in any order do no
 * harm. What no C library can survive: a handle that is used after it was freed, is freed twice, or is of another kind.
 * The library cannot tell, and anything may happen then.
 */
#ifndef ECGRID_H
#define ECGRID_H

#include <stddef.h>
#include <stdint.h>

#define ECGRID_VERSION_MAJOR 0
#define ECGRID_VERSION_MINOR 1
#define ECGRID_VERSION_PATCH 0
/* The version of this header, as ecgrid_version_number() gives that of the library: 0.1.0. */
#define ECGRID_VERSION_NUMBER 0x000100u

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles ----
 *
 * Every handle is opaque, has one `_free` function, and `_free(NULL)` does nothing. Handles may be
 * freed in any order: each keeps what it needs of the others alive. Do not free a handle while
 * another thread is in a call with it.
 */

/** Connections, trust and settings. May be shared by any number of threads. */
typedef struct ecgrid_client ecgrid_client;

/** Settings being collected for a client. Only one thread at a time may use it. */
typedef struct ecgrid_config ecgrid_config;

/** Why a call failed. Immutable, may be shared by any number of threads. */
typedef struct ecgrid_error ecgrid_error;

/** A folder that gets the parcels of a mailbox. May be shared by any number of threads. */
typedef struct ecgrid_inbox ecgrid_inbox;

/** A folder whose files are sent. May be shared by any number of threads. */
typedef struct ecgrid_outbox ecgrid_outbox;

/** A parcel that was downloaded into memory. Immutable, may be shared by any number of threads; wiped when freed. */
typedef struct ecgrid_parcel ecgrid_parcel;

/** One answer of the API. Immutable, may be shared by any number of threads; wiped when freed. */
typedef struct ecgrid_response ecgrid_response;

/** From whom and to whom a parcel goes. Only one thread at a time may change it. */
typedef struct ecgrid_route ecgrid_route;

/** A credential that is kept valid. May be shared by any number of threads. */
typedef struct ecgrid_session ecgrid_session;

/**
 * A credential: the token of a login, or a session's API key. Immutable, may be shared by any number of threads;
 * wiped when freed.
 */
typedef struct ecgrid_token ecgrid_token;

/* ---- Status ----
 *
 * What every function that can fail returns. The numbers are never reused; a later version may add
 * some, so a program should treat one it does not know like ECGRID_INTERNAL.
 */

/** Why a call failed, or ECGRID_OK. */
typedef int32_t ecgrid_status;

/** It worked. */
#define ECGRID_OK 0

/**
 * NULL or empty where that is not allowed, not UTF-8, a control character in a header value, a
 * number out of range, a bad method, path or body of a call.
 */
#define ECGRID_INVALID_ARGUMENT 1

/**
 * A setting or variable that cannot work: a malformed URL or proxy, http:// to another machine, a
 * proxy on another machine for a base URL on this one, a CA file or trust store that cannot be
 * read. If it came from a variable, the message names that.
 */
#define ECGRID_INVALID_CONFIGURATION 2
/** HTTP 401: wrong password, expired or revoked token, unknown key; a session that is over. */
#define ECGRID_UNAUTHENTICATED 3
/** HTTP 403. */
#define ECGRID_FORBIDDEN 4
/** HTTP 404. */
#define ECGRID_NOT_FOUND 5
/** Any other 4xx, or `success: false` in a 2xx. */
#define ECGRID_REJECTED 6
/** HTTP 429; see ecgrid_error_retry_after_ms. */
#define ECGRID_RATE_LIMITED 7
/** HTTP 5xx. The outcome says whether it may have been done. */
#define ECGRID_SERVER_ERROR 8

/**
 * A name was not resolved, or a connection or the proxy refused; or this machine refused what a
 * connection needs, such as one more open file.
 */
#define ECGRID_UNREACHABLE 9

/**
 * A certificate or the TLS handshake failed; or the server wants a certificate of its client, which
 * it may say after the handshake.
 */
#define ECGRID_TLS 10
/** The deadline passed. */
#define ECGRID_TIMEOUT 11
/** The connection was closed or reset after it was made. */
#define ECGRID_CONNECTION_LOST 12

/**
 * An answer that is not what ECGrid documents: not JSON, no token, a redirect, over the size
 * limit.
 */
#define ECGRID_BAD_RESPONSE 13
/** Ended by ecgrid_client_cancel, ecgrid_session_cancel, or the stop of its handle. */
#define ECGRID_CANCELLED 14

/**
 * A handle used in a forked child of the process that made it; a session that was logged out; the
 * refresh of a session that has an API key.
 */
#define ECGRID_INVALID_STATE 15
/** A bug in this library, caught. The process and later calls are not affected. */
#define ECGRID_INTERNAL 16

/**
 * There is no memory for what was asked for: a request, an answer, or a value in one. This is not
 * said of small things of a fixed size, such as a handle or an error: where there is no memory even
 * for these, the process ends with abort(), and the library prints nothing.
 */
#define ECGRID_OUT_OF_MEMORY 17

/**
 * A file or folder: it cannot be read or written, the disk is full, the name is taken. The message has
 * the path and the system's word.
 */
#define ECGRID_FILE 18

/**
 * The name of a status, such as "ECGRID_TIMEOUT"; "ECGRID_UNKNOWN" for a number that is none.
 *
 * Returns a static text, never NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_status_name(int32_t status);

/* ---- Outcome ----
 *
 * May the caller send it again? The answer is in every error, because "it failed" does not say
 * whether it was done. What the library retries by itself it has retried already: see
 * ecgrid_config_set_max_attempts.
 *
 * A 503 needs a second look: a gateway that has passed the request on, and then lost its server,
 * says 503 too. A 503 is ECGrid's own if its body says success: false or has one of ECGrid's error
 * codes; one with Retry-After counts as such. That is a refusal. Any other 503 is unknown.
 */

/** The request never left: send it again when the cause is mended. */
#define ECGRID_OUTCOME_NOT_SENT 0

/**
 * ECGrid said no and nothing was done (4xx, 429, its own 503, success: false): send it again when
 * it has a reason to say yes.
 */
#define ECGRID_OUTCOME_REFUSED 1

/**
 * It was sent and may have been done (lost, timed out after sending, a gateway's 503, other 5xx,
 * unreadable answer): find out before sending it again.
 */
#define ECGRID_OUTCOME_UNKNOWN 2

/* ---- Login ----
 *
 * The short way: one call, configured by the environment. To log in with settings of your own, use
 * ecgrid_client_login.
 *
 * | variable          | meaning                                                                 | default                |
 * |-------------------|-------------------------------------------------------------------------|------------------------|
 * | ECGRID_BASE_URL   | where ECGrid is; http:// only to this machine                            | https://rest.ecgrid.io |
 * | ECGRID_API_KEY    | sent as X-API-Key with a login                                           | none                   |
 * | ECGRID_CA_FILE    | PEM file of the authorities to trust instead of the machine's            | the machine's          |
 * | ECGRID_PROXY      | http://[user:password@]host:port; set but empty: no proxy at all         | as the next line says  |
 * | HTTPS_PROXY, ALL_PROXY, NO_PROXY | as curl reads them; lower case wins; unused for this machine | no proxy               |
 * | ECGRID_TIMEOUT_MS | milliseconds for a whole call, retries included                          | 30000                  |
 * | SSL_CERT_FILE     | PEM file that stands for the machine's own trust store                   | the machine's          |
 * | ECGRID_LOG        | off, error, warn, info or debug: tells what the library does (docs/log.md) | off                  |
 * | ECGRID_LOG_FILE   | the file that the log is added to; without it ECGRID_LOG is an error      | none                   |
 *
 * The last two count for every client whose configuration has no log of its own
 * (ecgrid_config_set_log), as they are when it is made. A program with more rights than its caller
 * (set-user-ID) does not look at them. The file is made for its owner alone; several processes may
 * share it. Once it is open, it never makes a call fail.
 */

/**
 * Logs in to ECGrid (POST /v2/auth/login) with the process-wide client.
 *
 * The first call makes the client from the environment as it is then, and the client is kept. If
 * it cannot be made, the next call tries again. `login` and `password` are UTF-8 and not empty;
 * they are not kept. Every login opens a session at ECGrid, and an account may have few: log in
 * once and use the token while it lasts.
 *
 * On ECGRID_OK `*token` is owned by the caller, who frees it with ecgrid_token_free; else it is
 * NULL. `token` must not be NULL. `error` may be NULL; else `*error` is NULL on ECGRID_OK and
 * otherwise owned by the caller, who frees it with ecgrid_error_free. This holds for every
 * function with an `error`.
 *
 * Any thread, also in a forked child. Blocks until there is a result, at most for the timeout.
 * Returns any status but ECGRID_CANCELLED and ECGRID_INVALID_STATE.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_login(const char *login,
                           const char *password,
                           ecgrid_token **token,
                           ecgrid_error **error);

/**
 * The JWT itself; of a session with an API key, the key.
 *
 * Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_token_value(const ecgrid_token *token);

/**
 * The name of the header that shows the token to ECGrid: "Authorization"; of a session with an API
 * key, "X-API-Key".
 *
 * Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_token_header_name(const ecgrid_token *token);

/**
 * The value of that header, ready to send: "Bearer <JWT>", or the key. A secret: send it to ECGrid
 * and to no other host, also where a redirect leads to one.
 *
 * Borrowed from `token`, valid until it is freed; never NULL, "" for NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_token_header_value(const ecgrid_token *token);

/**
 * The account's internal ECGrid user id; 0 when the server did not say, for a key, and for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_token_user_id(const ecgrid_token *token);

/**
 * When the token expires, in Unix seconds (UTC): what the server's expiresAt says, else the JWT's
 * own exp; -1 when neither says, for a key, and for NULL.
 *
 * It is a time on the server's clock. To know how long the token lasts, use
 * ecgrid_token_expires_in. Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_token_expires_at(const ecgrid_token *token);

/**
 * Whole seconds until the token expires; 0 once it has, -1 when unknown, for a key, and for NULL.
 *
 * Right even when this machine's clock is wrong or is set meanwhile: it is the difference between
 * the server's expiresAt and the server's own Date, counted down by a clock that cannot be set. It
 * never grows. Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_token_expires_in(const ecgrid_token *token);

/**
 * Frees a token. Its memory is wiped at once, or as soon as a session that still uses it does not
 * any more. Does not log out. NULL does nothing.
 *
 * Any thread; no other may be using the token.
 * Since: 0.1.0
 */
void ecgrid_token_free(ecgrid_token *token);

/* ---- Errors ----
 *
 * An error says why a call failed, whether it may have been done, and what to do, in one line
 * without secrets. Accessors take NULL.
 */

/**
 * The calling thread's last failure, or NULL if its last call that can fail went well.
 *
 * For C programs that do not want to pass an error object along. Borrowed, valid until this
 * thread's next call that can fail; never free it. Where a task can move between threads (.NET
 * tasks, Java virtual threads), use the `error` parameter instead.
 * Any thread.
 * Since: 0.1.0
 */
const ecgrid_error *ecgrid_last_error(void);

/**
 * The status that the failed call returned; ECGRID_OK for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int32_t ecgrid_error_status(const ecgrid_error *error);

/**
 * May it be sent again? One of ECGRID_OUTCOME_*; ECGRID_OUTCOME_NOT_SENT for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int32_t ecgrid_error_outcome(const ecgrid_error *error);

/**
 * The status of the HTTP answer; 0 when there was none, and for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int32_t ecgrid_error_http_status(const ecgrid_error *error);

/**
 * One line for a person: what failed, where, and what to do. English, UTF-8, without passwords,
 * tokens or keys.
 *
 * For a log, not for a program: its words may change. Borrowed from `error`, valid until it is
 * freed; never NULL, "" for NULL.
 * Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_error_message(const ecgrid_error *error);

/**
 * ECGrid's errorCode, such as "InvalidSession"; "" if the server sent none, and for NULL.
 *
 * Borrowed from `error`, valid until it is freed; never NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_error_code(const ecgrid_error *error);

/**
 * What the server gave to find the request by: quote it when you ask ECGrid's support. "" if it gave
 * nothing, and for NULL.
 *
 * It is the traceId of the answer (RFC 9457 problem documents have one), else the first of these
 * headers that has one: X-Trace-Id, X-Request-Id, Request-Id, X-Correlation-Id, traceparent, CF-Ray.
 * It has at most 128 visible ASCII characters. What is longer, or may hold a secret that was sent, is
 * left out. Borrowed from `error`, valid until it is freed; never NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_error_trace_id(const ecgrid_error *error);

/**
 * How long to wait before the next try, in milliseconds: as the server asks (Retry-After), or until
 * the session tries again by itself; -1 when there is no such time, and for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_error_retry_after_ms(const ecgrid_error *error);

/**
 * Frees an error that a call returned through its `error` parameter. NULL does nothing. Not for
 * ecgrid_last_error.
 *
 * Any thread; no other may be using the error.
 * Since: 0.1.0
 */
void ecgrid_error_free(ecgrid_error *error);

/* ---- Configuration ----
 *
 * Collect settings, make a client from them, free them. A value that a setting can never have is
 * refused at once with ECGRID_INVALID_ARGUMENT, and the setting keeps its old value. A value that
 * turns out not to work is refused by ecgrid_client_new with ECGRID_INVALID_CONFIGURATION. Text is
 * copied.
 */

/** Nothing is told. */
#define ECGRID_LOG_OFF 0
/** Calls that failed, sessions that are over. */
#define ECGRID_LOG_ERROR 1
/** And refreshes that failed, variables that look misspelt. */
#define ECGRID_LOG_WARN 2
/** And each login, refresh and retry. */
#define ECGRID_LOG_INFO 3
/** And each step: settings, connections, requests and answers. */
#define ECGRID_LOG_DEBUG 4

/**
 * Gets one event: its level, one of ECGRID_LOG_ERROR to ECGRID_LOG_DEBUG, and its line,
 * `event key=value key=value` without an end. docs/log.md has every event and key. No line has a
 * password, key or token in it. `line` is UTF-8 and valid during the call only.
 *
 * Every thread that makes a call or frees a handle may call it, several at once, and so may those
 * of the library that renew tokens. It may call the library; what it does there on its own thread
 * is not told. It must return: one that panics, throws or jumps out (longjmp) may leave the process
 * in any state.
 */
typedef void (*ecgrid_log_function)(void *context, int32_t level, const char *line);

/**
 * A configuration with the defaults. Of the variables that ecgrid_login reads only SSL_CERT_FILE,
 * ECGRID_LOG and ECGRID_LOG_FILE count, when the client is made. NULL only when memory has run out.
 *
 * Owned by the caller, who frees it with ecgrid_config_free. Any thread.
 * Since: 0.1.0
 */
ecgrid_config *ecgrid_config_new(void);

/**
 * A configuration with the defaults, changed by the variables that ecgrid_login reads (see Login),
 * as they are now.
 *
 * On ECGRID_OK `*config` is owned by the caller, who frees it with ecgrid_config_free; else it is
 * NULL. `config` must not be NULL.
 * Any thread, as long as no other changes the environment meanwhile.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or ECGRID_INVALID_CONFIGURATION, which names the
 * variable.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_from_env(ecgrid_config **config, ecgrid_error **error);

/**
 * Where ECGrid is: https://host[:port][/path]. Default https://rest.ecgrid.io.
 *
 * A path is kept in front of every API path; a slash at the end does no harm. http:// is for this
 * machine only (localhost, 127.0.0.0/8, ::1).
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_base_url(ecgrid_config *config,
                                         const char *url,
                                         ecgrid_error **error);

/**
 * The API key that is sent as X-API-Key with a login. Default: none. Visible ASCII, at most 2048
 * bytes.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_api_key(ecgrid_config *config,
                                        const char *key,
                                        ecgrid_error **error);

/**
 * A PEM file with the authorities to trust, instead of the machine's: for a company's own, or a
 * test server's.
 *
 * It is read by ecgrid_client_new, once. Default: the file that SSL_CERT_FILE names, else the
 * machine's trust store as it is when the client is made, else Mozilla's list as built in. On Windows
 * the last two are Windows itself, which judges each server's certificate (docs/platforms.md).
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_ca_file(ecgrid_config *config,
                                        const char *pem_path,
                                        ecgrid_error **error);

/**
 * An HTTP proxy to go through with CONNECT: http://[user[:password]@]host[:port], percent-encoded;
 * port 80 by default. "" is no proxy at all.
 *
 * It is used for every connection, whatever NO_PROXY says. Other kinds of proxy are refused by
 * ecgrid_client_new, never bypassed. For a base URL on this machine (localhost, 127.0.0.0/8, ::1)
 * the proxy must be on this machine too: one elsewhere would look for ECGrid on its own machine.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_proxy(ecgrid_config *config, const char *url, ecgrid_error **error);

/**
 * Your product, such as "acme-translator/4.2", to go before the library's own in User-Agent.
 * Visible ASCII, at most 2048 bytes.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_user_agent(ecgrid_config *config,
                                           const char *product,
                                           ecgrid_error **error);

/**
 * Milliseconds for a whole call, retries and pauses included. Default 30000; at least 1.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_timeout_ms(ecgrid_config *config,
                                           int64_t total,
                                           ecgrid_error **error);

/**
 * Milliseconds for making a connection: name, TCP, proxy and TLS. Default 10000; at least 1. The
 * timeout of the whole call holds as well.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_connect_timeout_ms(ecgrid_config *config,
                                                   int64_t connect,
                                                   ecgrid_error **error);

/**
 * How many times a call is tried at most, 1 to 10. Default 3.
 *
 * A call is tried again only if it was not sent; if it was refused with 429 or 503, after the pause
 * that the server asks for; if it only reads (a GET, a list); or if it is a login whose kept connection
 * turned out dead before one byte of answer. Pauses begin with at most 250 ms and grow; their
 * length is random, and they never go beyond the timeout. With 1 nothing of this is tried again. A
 * session's call that got 401 is not counted here: it is sent again with a newer token all the
 * same; see Session.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_max_attempts(ecgrid_config *config,
                                             int32_t attempts,
                                             ecgrid_error **error);

/**
 * The largest answer to accept, in bytes. Default 67108864 (64 MiB); at least 1. The answer of a
 * login or a version check may have 1 MiB at most, whatever is set here.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_max_response_bytes(ecgrid_config *config,
                                                   int64_t bytes,
                                                   ecgrid_error **error);

/**
 * Whether a session may keep login and password to log in again by itself: 1, or 0. Default: 0.
 *
 * With 1, sessions made from clients with this configuration keep both. The memory for that is
 * wiped when the session ends, left out of core dumps (on Windows of crash reports, from Windows 10
 * on), and locked against swapping where the system allows. Such sessions log in again when their
 * token is dead and no refresh can bring another; see Session. With 0 such a session is over, and
 * its calls say so.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_keep_password(ecgrid_config *config,
                                              int32_t keep,
                                              ecgrid_error **error);

/**
 * Whether sessions stay logged in while nobody calls: 1, or 0. Default: 0.
 *
 * With 1, sessions made from clients with this configuration have their token refreshed when it is
 * due, whether somebody calls or not. This is for programs that may sleep for longer than a token
 * lives. What follows when a refresh fails is the same as for a call: see Session.
 *
 * One thread does this for the whole process. It is there only while such a session is open, and
 * takes none of the host's signals. It does not keep the process from ending. A forked child does
 * not have it; a session that the child opens brings it one of its own. If the thread cannot be
 * started, ecgrid_session_login sends nothing and returns ECGRID_UNREACHABLE. A session with an API
 * key needs no thread.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_keep_alive(ecgrid_config *config,
                                           int32_t keep,
                                           ecgrid_error **error);

/**
 * Where clients with this configuration tell what they do: every event up to `level` is given to
 * `function`, with `context`. Default: what the variables ECGRID_LOG and ECGRID_LOG_FILE say (see
 * Login); from now on these do not count, also with ECGRID_LOG_OFF.
 *
 * On ECGRID_OK the library keeps `context` for the configuration and all clients and sessions that
 * come from it. `release`, which may be NULL, is called with it once: when they are freed, their
 * connections are closed and their refreshes have ended, so that nothing will call `function`
 * again. That may be on any thread, and in this function, if it replaces another log. What holds for
 * `function` holds for `release` too. On failure `release` is not called, and `context` stays the
 * caller's. `function` may be NULL with ECGRID_LOG_OFF only.
 *
 * While others wait for what a call does (a refresh, a logout, a change of the password that is
 * kept, a new API key in place of the session's own), its lines are kept back until it has ended: so
 * `function` may use the same session. A forked child tells nothing through its parent's
 * configurations, and does not call `release`.
 *
 * Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_config_set_log(ecgrid_config *config,
                                    int32_t level,
                                    ecgrid_log_function function,
                                    void *context,
                                    void (*release)(void *context),
                                    ecgrid_error **error);

/**
 * Frees a configuration and wipes it. NULL does nothing. Clients made from it are not affected.
 *
 * One thread at a time.
 * Since: 0.1.0
 */
void ecgrid_config_free(ecgrid_config *config);

/* ---- Client ----
 *
 * A client keeps its connections open between calls and may be shared by any number of threads:
 * make one, keep it.
 *
 * Handles are a tree. A clone is a child of the handle it was made from, and so is a session of its
 * client. A cancel reaches the handle and all that was made from it: clones, sessions, their clones.
 * A stop reaches the handle and its clones, but not the sessions of a client. Neither reaches
 * parents or siblings. Freeing a handle changes nothing for its children: they still hear what
 * reaches the handle that it was made from. To cancel one call among many, clone the handle for
 * that call, stop the clone, and free it after the call.
 *
 * At most 64 idle connections are kept. The next call closes those that have been idle for 55
 * seconds, time in which the machine slept included; the last free closes all.
 *
 * The library's descriptors are never 0, 1 or 2, also in a process that has closed those. While a
 * name is looked up, getaddrinfo opens some of its own, which are the C library's.
 */

/**
 * Makes a client. No request is made, no connection opened.
 *
 * `config` NULL is all defaults; it is copied and may be freed at once. The authorities to trust
 * are read here, once: the CA file that was set, else, for https://, the one that SSL_CERT_FILE
 * names, else the machine's trust store, which Windows alone reads for each connection. On ECGRID_OK
 * `*client` is owned by the caller, who frees it with ecgrid_client_free; else it is NULL. `client`
 * must not be NULL. Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or ECGRID_INVALID_CONFIGURATION: a URL that is not
 * http(s), has no host, a user, a query or a fragment; http:// to another machine; a proxy of an
 * unknown kind, or on another machine for a base URL on this one; a CA file or trust store that
 * cannot be read or holds no certificate; a log that the environment asks for and that cannot be
 * (ECGRID_LOG, ECGRID_LOG_FILE).
 * Since: 0.1.0
 */
ecgrid_status ecgrid_client_new(const ecgrid_config *config,
                                ecgrid_client **client,
                                ecgrid_error **error);

/**
 * Logs in to ECGrid (POST /v2/auth/login).
 *
 * `login` and `password` are UTF-8 and not empty; they are not kept. Every login opens a session at
 * ECGrid, and an account may have few: log in once and use the token while it lasts. On
 * ECGRID_OK `*token` is owned by the caller, who frees it with ecgrid_token_free; else it is NULL.
 * `token` must not be NULL.
 *
 * Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
 * status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_client_login(const ecgrid_client *client,
                                  const char *login,
                                  const char *password,
                                  ecgrid_token **token,
                                  ecgrid_error **error);

/**
 * Asks ECGrid for its version (GET /v2/auth/version): the health check. Needs no credential.
 *
 * On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; its
 * "/version" is the version. Else it is NULL. `response` may be NULL for a caller who only wants
 * the status.
 *
 * Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
 * status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_client_server_version(const ecgrid_client *client,
                                           ecgrid_response **response,
                                           ecgrid_error **error);

/**
 * The base URL that the client was made with, without a slash at its end: requests that the program
 * sends itself with a session's credential go there, and nowhere else.
 *
 * Borrowed from `client`, valid until it is freed; never NULL, "" for NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_client_base_url(const ecgrid_client *client);

/**
 * A clone: a handle on the same connections, trust and settings, and a child of `client`. Cheap:
 * nothing is opened.
 *
 * A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. On
 * ECGRID_OK `*clone` is owned by the caller, who frees it with ecgrid_client_free, before or after
 * `client`; else it is NULL. `clone` must not be NULL. Any number of threads.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a
 * forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_client_clone(const ecgrid_client *client,
                                  ecgrid_client **clone,
                                  ecgrid_error **error);

/**
 * A timeout for the calls of this handle, in milliseconds, in place of the configuration's; 0 is
 * the configuration's again.
 *
 * It holds for calls that begin later, and for clones that are made later. Parents, older clones and
 * sessions keep theirs. Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_client_set_timeout_ms(const ecgrid_client *client,
                                           int64_t total,
                                           ecgrid_error **error);

/**
 * Ends all calls that are running now through this handle and what was made from it, sessions
 * included: each returns ECGRID_CANCELLED. All these handles stay usable.
 *
 * A refresh that is under way goes on. A call whose answer has arrived already may still succeed.
 * NULL, and a client of another process, do nothing.
 * Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_client_cancel(const ecgrid_client *client);

/**
 * Ends the calls that are running through this handle and its clones, and all later ones: each
 * returns ECGRID_CANCELLED, and the later ones are not sent.
 *
 * To cancel one call through a clone, stop the clone: a cancel that comes before the call has
 * begun is forgotten, a stop is not. A stop does not reach sessions: those that were opened through
 * this handle go on. NULL, and a client of another process, do nothing.
 * Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_client_stop(const ecgrid_client *client);

/**
 * Frees a handle; with the last one of a client its connections are closed. NULL does nothing.
 *
 * Any thread, also in a forked child; no other may be in a call with this handle.
 * Since: 0.1.0
 */
void ecgrid_client_free(ecgrid_client *client);

/* ---- Session ----
 *
 * A session keeps one credential valid, for months and for any number of threads: the token of one
 * login, or an API key. A token is due when 78 to 82 % of its lifetime are over. It is due earlier
 * when what is left of it would not last the next pause between calls, judged by the longest
 * recent one. The first call that finds it due refreshes it. The old token is dead at once, so
 * calls wait for the new one meanwhile, as long as their own timeout allows. A call that ECGrid
 * refuses with 401 is sent once more with a newer token, and again if that one was replaced
 * meanwhile. The refresh itself belongs to the session: cancelling a call does not end it. It has
 * 30 s, whatever the client's timeout is.
 *
 * When the token is dead and no refresh can bring another, the session logs in again if the
 * password was kept (ecgrid_config_set_keep_password); else it is over: every call returns
 * ECGRID_UNAUTHENTICATED, and only ecgrid_session_login helps. As calls cause the refreshes, a
 * program may lose its session when it makes no call for longer than a token lives. Regular pauses
 * of up to three quarters of the lifetime do no harm. A program that may sleep for longer sets
 * ecgrid_config_set_keep_alive, keeps the password, or uses an API key. docs/sessions.md has the
 * rules.
 *
 * Sessions share the connections of their client and outlive its handle. A session is a child of
 * the client's handle that it was made through, and a clone a child of its session (see Client): to
 * cancel one call among many, clone the session for that call, and stop the clone. In a forked
 * child a session is refused (ECGRID_INVALID_STATE) and can only be freed.
 *
 * When a call is sent again: ecgrid_session_logout and what only reads, after any failure that may
 * pass; all else only when it was not sent, or refused with 429 or 503. What only reads is every GET,
 * ecgrid_session_info, and those POSTs of ECGrid's reference that list, find, count or tell something,
 * such as /v2/parcels/pending-inbox-list, if the path is spelled as there and has no query. A download
 * is none of them: it may move the parcel on. The outcome of an error holds for all tries together.
 */

/**
 * Logs in, once, and makes a session of it.
 *
 * `login` and `password` are UTF-8 and not empty; they are kept only if the client's configuration
 * says so. On ECGRID_OK `*session` is owned by the caller, who frees it with ecgrid_session_free;
 * else it is NULL. `session` must not be NULL. `client` may be freed before the session.
 *
 * Any number of threads. Blocks until there is a result, at most for the timeout. Returns any
 * status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_login(const ecgrid_client *client,
                                   const char *login,
                                   const char *password,
                                   ecgrid_session **session,
                                   ecgrid_error **error);

/**
 * Makes a session with an API key, which does not expire. No request is made.
 *
 * Its calls send the key as X-API-Key. `key` is visible ASCII and copied; the first call tells
 * whether ECGrid knows it. On ECGRID_OK `*session` is owned by the caller, who frees it with
 * ecgrid_session_free; else it is NULL. `session` must not be NULL.
 *
 * Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT or, in a forked child,
 * ECGRID_INVALID_STATE.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_with_api_key(const ecgrid_client *client,
                                          const char *key,
                                          ecgrid_session **session,
                                          ecgrid_error **error);

/**
 * A token that is good now, for requests that the program sends itself. Refreshes first when that
 * is due. Of a session with an API key it is the key.
 *
 * Send ecgrid_token_header_value as the header ecgrid_token_header_name. When ECGrid answers 401,
 * tell the session with ecgrid_session_refused, ask for a token once more, and send the request once
 * more with that.
 *
 * While the token is not due, this costs no request and takes no lock that is held during one. A later
 * refresh makes the token invalid: ask for each request, do not keep it. On ECGRID_OK `*token` is
 * owned by the caller, who frees it with ecgrid_token_free, also after the session; else it is
 * NULL. `token` must not be NULL.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status;
 * ECGRID_UNAUTHENTICATED when the session is over.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_token(const ecgrid_session *session,
                                   ecgrid_token **token,
                                   ecgrid_error **error);

/**
 * Tells the session that ECGrid answered 401 to a request of the program's own with that token.
 *
 * The session then does what it does after a 401 of its own call, when a token is next needed: it
 * refreshes the token, or asks ECGrid whether that is good after all, or logs in again. So the next
 * ecgrid_session_token hands out a better one or says why there is none. It hands out the same one
 * where ECGrid says that this is good: then the 401 was about the request.
 *
 * A token that is not, or no longer, the session's own changes nothing: that of another session or of
 * a login, one that was replaced meanwhile. Nor does an API key, which cannot be renewed. What counts
 * is the text of the token, not the handle. No request is made here. `token` stays the caller's.
 *
 * Any number of threads. Does not block. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT for NULL, or
 * ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_refused(const ecgrid_session *session,
                                     const ecgrid_token *token,
                                     ecgrid_error **error);

/**
 * Gets a new token now (POST /v2/auth/refresh), or joins in when that is under way.
 *
 * Not needed for calls or ecgrid_session_token, which see to it themselves. ECGRID_OK when there is
 * a newer token than before. Else status, HTTP status and outcome tell how this refresh went, the
 * login that may follow it included; ECGRID_UNAUTHENTICATED when it ended the session. When the
 * server asked for a pause, or a login has to wait, nothing is sent: the status is that of the last
 * attempt, the outcome ECGRID_OUTCOME_NOT_SENT, and ecgrid_error_retry_after_ms says for how long.
 *
 * Any number of threads. Blocks at most for the timeout; that, or a cancel, ends the waiting, not
 * the refresh, and the outcome is ECGRID_OUTCOME_UNKNOWN. Returns any status;
 * ECGRID_INVALID_STATE also for a session with an API key.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_refresh(const ecgrid_session *session, ecgrid_error **error);

/**
 * Asks ECGrid about the session (POST /v2/auth/session): "/userId", "/login", "/networkId",
 * "/mailboxId", "/authLevel", "/expiresAt".
 *
 * On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
 * is NULL. `response` may be NULL for a caller who only wants the status.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_info(const ecgrid_session *session,
                                  ecgrid_response **response,
                                  ecgrid_error **error);

/**
 * Changes the account's password (PUT /v2/auth/password). Tokens live on.
 *
 * ECGrid's policy is checked first: `replacement` needs a lower-case letter, an upper-case letter,
 * a digit and another character, else ECGRID_INVALID_ARGUMENT with a message that names the rule.
 * A kept password is replaced; when the outcome is unknown it is forgotten, since trying both might
 * lock the account.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_change_password(const ecgrid_session *session,
                                             const char *current,
                                             const char *replacement,
                                             ecgrid_error **error);

/**
 * Makes a new API key for an account (POST /v2/users/key-generate/{user_id}). The account's old key
 * is dead at once.
 *
 * The key is ecgrid_response_string(response, ""); it is a secret, and wiped with the response. A
 * session whose own key this replaces changes over to the new one. When the outcome of a failure is
 * unknown, the old key may be dead all the same.
 *
 * On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
 * is NULL. `response` may be NULL. `user_id` is at least 1.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_generate_api_key(const ecgrid_session *session,
                                              int64_t user_id,
                                              ecgrid_response **response,
                                              ecgrid_error **error);

/**
 * Calls any endpoint of the API with the session's credential.
 *
 * `method` is one of GET, POST, PUT, PATCH, DELETE. `path` starts with /v2/ and may have a query;
 * it is sent as it is, so what needs percent-encoding has to have it; a .. segment, a fragment, a
 * control character, a space, a backslash or more than 32768 bytes are refused. `body` is
 * `body_len` bytes of JSON, which is checked, or NULL with 0 for none; it need not end with a NUL.
 * It is not copied: do not change it before the call returns. What is wrong with these is
 * ECGRID_INVALID_ARGUMENT, and nothing is sent. To log out, refresh, or replace the session's own
 * password or key, use the functions for that: the session does not read what passes through here.
 *
 * On ECGRID_OK `*response` is owned by the caller, who frees it with ecgrid_response_free; else it
 * is NULL. `response` may be NULL for a caller who only wants the status.
 *
 * Any number of threads. Blocks at most for the timeout, retries included. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_call(const ecgrid_session *session,
                                  const char *method,
                                  const char *path,
                                  const char *body,
                                  size_t body_len,
                                  ecgrid_response **response,
                                  ecgrid_error **error);

/**
 * Ends the session at ECGrid (POST /v2/auth/logout) and here: through all its handles, every
 * further call returns ECGRID_INVALID_STATE.
 *
 * Calls that were sent before may still be answered. Logging out twice is ECGRID_OK the second
 * time, and so is logging out of a session that ECGrid has ended. On failure the session goes on,
 * and logging out may be tried again. An API key lives on.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_logout(const ecgrid_session *session, ecgrid_error **error);

/**
 * A clone: a handle on the same credential, and a child of `session`. Cheap: no system call.
 *
 * A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. On
 * ECGRID_OK `*clone` is owned by the caller, who frees it with ecgrid_session_free, before or
 * after `session`; else it is NULL. `clone` must not be NULL. Any number of threads.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a
 * forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_clone(const ecgrid_session *session,
                                   ecgrid_session **clone,
                                   ecgrid_error **error);

/**
 * A timeout for the calls of this handle, in milliseconds, in place of the configuration's; 0 is
 * the configuration's again.
 *
 * It holds for calls that begin later, and for clones that are made later. Parents and older clones
 * keep theirs. A session begins with that of the configuration, whatever the client's handle has.
 * Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_set_timeout_ms(const ecgrid_session *session,
                                            int64_t total,
                                            ecgrid_error **error);

/**
 * Ends the calls that are running now through this handle and its clones: each returns
 * ECGRID_CANCELLED. All these handles stay usable, and a refresh that is under way goes on.
 *
 * NULL, and a session of another process, do nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_session_cancel(const ecgrid_session *session);

/**
 * As ecgrid_session_cancel, and for good: every later call through this handle and its clones
 * returns ECGRID_CANCELLED too, and is not sent. Only ecgrid_session_token, while the token is not
 * due, may still succeed.
 *
 * To cancel one call through a clone, stop the clone: a cancel that comes before the call has
 * begun is forgotten, a stop is not. A refresh goes on. NULL, and a session of another process, do
 * nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_session_stop(const ecgrid_session *session);

/**
 * Frees a handle. With the last one of a session its credential and a kept password are wiped, and
 * a refresh that is under way is given up. Does not log out. NULL does nothing.
 *
 * Any thread, also in a forked child; no other may be in a call with this handle.
 * Since: 0.1.0
 */
void ecgrid_session_free(ecgrid_session *session);

/* ---- Response ----
 *
 * One answer of the API. `pointer` is an RFC 6901 JSON pointer into the answer's `data`, such as
 * "/version" or "/list/0/id"; "" is `data` itself. Member names match exactly first, then without
 * ASCII case, as ECGrid's pages do not agree on theirs; of two that match, the later counts.
 * Accessors take NULL. A forked child may read a response, unless another thread was reading it at
 * the time of the fork.
 *
 * The answer is checked once, when it comes. A look-up reads little of a list, however long that
 * is, but all of an object in which it looks for a name. A list is walked fastest from row to row.
 * Each value takes memory once, however often it is asked for and however its pointer is spelled.
 * So an answer takes at most 2.5 times its bytes and 1 MiB, whatever is looked up in it. A program
 * that asks for both ecgrid_response_body and ecgrid_response_data pays for one more copy.
 *
 * ECGrid has lists in three shapes: a bare array, totals beside `data`, totals inside it:
 *
 *   {"success": true, "data": [{"parcelId": 7}, {"parcelId": 8}]}
 *   {"success": true, "data": [{"parcelId": 7}, {"parcelId": 8}], "totalRecords": 2}
 *   {"success": true, "data": {"totalRecords": 2, "parcels": [{"parcelId": 7}, {"parcelId": 8}]}}
 *
 * One rule reaches into all of them. A pointer's first step is looked up in `data`. Where `data`
 * is an object without a member of that name, and the step is an array index, it means the element
 * of the only array among its members; with several arrays, or none, it finds nothing. Where
 * `data` has no member of that name, also because it is an array, a name is looked up beside
 * `data` in the answer: never success, data, errorCode and message themselves. So "/0/parcelId" is
 * 7 in all three, "/totalRecords" is 2 where there is a total, and ecgrid_response_count of "" is 2.
 * So a list is walked like this, here with a `char pointer[40]`:
 *
 *   int64_t rows = ecgrid_response_count(response, "");
 *   for (int64_t row = 0; row < rows; row++) {
 *       snprintf(pointer, sizeof pointer, "/%lld/parcelId", (long long)row);
 *       puts(ecgrid_response_string(response, pointer));
 *   }
 *   if (ecgrid_response_status(response) != ECGRID_OK) return 1; // no memory for a value
 */

/** The pointer leads to nothing. */
#define ECGRID_KIND_MISSING 0
/** null */
#define ECGRID_KIND_NULL 1
/** true or false */
#define ECGRID_KIND_BOOLEAN 2
/** A number of any size. */
#define ECGRID_KIND_NUMBER 3
/** A string, also one that C cannot hold. */
#define ECGRID_KIND_STRING 4
/** [ ] */
#define ECGRID_KIND_ARRAY 5
/** { } */
#define ECGRID_KIND_OBJECT 6

/**
 * The HTTP status of the answer, 200 to 299; 0 for NULL.
 *
 * Any thread.
 * Since: 0.1.0
 */
int32_t ecgrid_response_http_status(const ecgrid_response *response);

/**
 * ECGRID_OK, or ECGRID_OUT_OF_MEMORY after an accessor that found no memory for its value, and
 * answered as if there were none. ECGRID_OK for NULL.
 *
 * It stays so until the response is freed. A program that walks a list asks this after the walk: only
 * with ECGRID_OK was each value what the answer has. Only what needs memory can fail so: texts, and
 * pointers with a ~ in them.
 *
 * Any thread.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_response_status(const ecgrid_response *response);

/**
 * The whole answer as received: JSON, UTF-8. `*length`, if asked for, is its length in bytes
 * without the NUL.
 *
 * Borrowed from `response`, valid until it is freed; never NULL, "" for NULL. `length` may be
 * NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_response_body(const ecgrid_response *response, size_t *length);

/**
 * The JSON text of `data`, exactly as received; "null" if the answer has none. `*length` as above.
 *
 * Borrowed from `response`, valid until it is freed; never NULL, "" for NULL. `length` may be
 * NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_response_data(const ecgrid_response *response, size_t *length);

/**
 * A string, number or boolean of `data` as text; "" when the pointer leads to none of these, or is
 * NULL or malformed.
 *
 * A string with a NUL in it, which C cannot hold, is "" too. Borrowed from `response`, valid until
 * it is freed; never NULL.
 * Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_response_string(const ecgrid_response *response, const char *pointer);

/**
 * A whole number of `data`, also one in a string; `fallback` when the pointer leads to none that
 * fits 64 bits, or is NULL or malformed.
 *
 * Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_response_int(const ecgrid_response *response, const char *pointer, int64_t fallback);

/**
 * How many elements the array has, or members the object, that `pointer` leads to; -1 when it leads to
 * neither, or is NULL or malformed. "" counts the rows of a list in each of the three shapes.
 *
 * That is the one place where "" is not `data` itself: where `data` is an object with one array among
 * its members, "" counts that array, whose rows are "/0", "/1" and so on. Of an object with several
 * arrays, or none, it counts the members. Members are counted as they stand, also two of one name.
 *
 * A count of a long list reads little of it. Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_response_count(const ecgrid_response *response,
                              const char *pointer);

/**
 * What kind of value `pointer` leads to, one of ECGRID_KIND_*: so "" as a string tells an empty
 * string from null and from nothing at all. ECGRID_KIND_MISSING when it leads to nothing, or is NULL
 * or malformed.
 *
 * "" is `data` itself: where that is the object around a list, it is ECGRID_KIND_OBJECT. Any thread.
 * Since: 0.1.0
 */
int32_t ecgrid_response_kind(const ecgrid_response *response,
                             const char *pointer);

/**
 * The value of a header of the answer, such as "ETag"; "" when the answer has no such header, and
 * for NULL.
 *
 * `name` matches without case. Of several headers of one name it is the first. A value that is not
 * UTF-8 is "". No header is held back, so the value may be a secret, as in Set-Cookie: the program
 * asks for it by name, and it is wiped with the response. Takes no memory.
 *
 * Borrowed from `response`, valid until it is freed; never NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_response_header(const ecgrid_response *response, const char *name);

/**
 * A response that the program makes itself, to test what it does with ECGrid's answers.
 *
 * `json` is `length` bytes: the whole body of an answer as ECGrid sends it, with success, data and all
 * that stands beside them. It is copied. What comes of it is what comes of a call that is answered
 * so, with HTTP status 200 and no headers: success: false is ECGRID_REJECTED, and what is not JSON
 * ECGRID_BAD_RESPONSE. On ECGRID_OK `*response` is owned by the caller, who frees it with
 * ecgrid_response_free; else it is NULL. `response` must not be NULL. Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_REJECTED, ECGRID_BAD_RESPONSE or
 * ECGRID_OUT_OF_MEMORY.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_response_from_json(const char *json,
                                        size_t length,
                                        ecgrid_response **response,
                                        ecgrid_error **error);

/**
 * Frees a response and wipes it. NULL does nothing.
 *
 * The process keeps up to 8 MiB of such memory for its next answers.
 *
 * Any thread; no other may be using the response.
 * Since: 0.1.0
 */
void ecgrid_response_free(ecgrid_response *response);

/* ---- Route ----
 *
 * From whom and to whom a parcel goes. Without one ECGrid reads it from the envelope of the content
 * (ISA and GS, UNB). A call copies what it needs: one route serves any number of uploads, and may be
 * freed at any time.
 */

/**
 * Makes a route that says nothing yet.
 *
 * On ECGRID_OK `*route` is owned by the caller, who frees it with ecgrid_route_free; else it is
 * NULL.
 *
 * Any number of threads. Returns ECGRID_OK or ECGRID_INVALID_ARGUMENT.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_route_new(ecgrid_route **route, ecgrid_error **error);

/**
 * The ECGrid ID of the sender; 0 for none, as at first.
 *
 * Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_route_set_from(ecgrid_route *route, int64_t ecgrid_id, ecgrid_error **error);

/**
 * The ECGrid ID of the addressee; 0 for none, as at first.
 *
 * Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_route_set_to(ecgrid_route *route, int64_t ecgrid_id, ecgrid_error **error);

/**
 * The mailbox whose outbox the parcel is to be in; 0 for the account's own, as at first.
 *
 * Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. One thread at a time.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_route_set_mailbox(ecgrid_route *route,
                                       int64_t mailbox_id,
                                       ecgrid_error **error);

/**
 * Frees a route. NULL does nothing.
 *
 * Any thread.
 * Since: 0.1.0
 */
void ecgrid_route_free(ecgrid_route *route);

/* ---- Parcels ----
 *
 * A parcel is one file on its way from one mailbox to another. To receive: list what is pending,
 * download each, and confirm it when it is safe on your disk. What is not confirmed is pending
 * still, or may be: some of ECGrid's pages say that a parcel is listed no more once it was
 * downloaded, so note its id before you download it. A file is sent by an upload.
 *
 * An upload may never be sent again by itself: ECGrid knows no key by which it could tell a second
 * one. When its outcome is ECGRID_OUTCOME_UNKNOWN, look into the outbox (POST
 * /v2/parcels/outbox-list) before you send it again. All else here may be repeated, and is.
 *
 * For whole folders there are an inbox and an outbox, which do all this, and keep their promise also
 * when the process dies: see Inbox and Outbox.
 *
 * Paths are bytes as the system has them; on Windows UTF-8. While a parcel goes to or comes from a
 * file, the timeout is the longest time without a byte, and only the head of the answer must come
 * within it. A parcel in memory has the timeout of any call, and may be as large as
 * ecgrid_config_set_max_response_bytes says; one in a file 16 GiB.
 */

/**
 * Lists what is pending in a mailbox (POST /v2/parcels/pending-inbox-list): "/0/parcelId",
 * "/0/fileName", "/0/bytes", "/0/ecGridIdFrom" and so on, as many as ecgrid_response_count says of
 * "".
 *
 * `mailbox_id` 0 is the account's own. On ECGRID_OK `*list` is owned by the caller, who frees it
 * with ecgrid_response_free; else it is NULL. `list` may be NULL for a caller who only wants the
 * status.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_pending(const ecgrid_session *session,
                                     int64_t mailbox_id,
                                     ecgrid_response **list,
                                     ecgrid_error **error);

/**
 * Downloads a parcel into memory (POST /v2/parcels/download), decoded.
 *
 * What is not as long as ECGrid says, is broken base64, or is another parcel, is
 * ECGRID_BAD_RESPONSE. On ECGRID_OK `*parcel` is owned by the caller, who frees it with
 * ecgrid_parcel_free; else it is NULL. `parcel` must not be NULL.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_download(const ecgrid_session *session,
                                      int64_t parcel_id,
                                      ecgrid_parcel **parcel,
                                      ecgrid_error **error);

/**
 * Downloads a parcel to a file that is not there yet. On ECGRID_OK it is there, whole, and on the
 * disk; else nothing is.
 *
 * Nothing is ever overwritten: where something has that name, a link too, it is ECGRID_FILE. Folders
 * may be links. The mode is 0666 less the umask. ECGRID_FILE is also said when the disk is full, the
 * folder is gone, or may not be written to; the outcome is ECGRID_OUTCOME_NOT_SENT when that was
 * found out before the request was sent. Memory does not grow with the parcel.
 *
 * Any number of threads. Blocks as long as bytes come within the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_download_file(const ecgrid_session *session,
                                           int64_t parcel_id,
                                           const char *path,
                                           ecgrid_error **error);

/**
 * Tells ECGrid that a parcel is safe (POST /v2/parcels/confirm): it is pending no more.
 *
 * Confirming twice is a success and changes nothing, so the request is repeated when its answer is
 * lost.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_confirm(const ecgrid_session *session,
                                     int64_t parcel_id,
                                     ecgrid_error **error);

/**
 * Sends a parcel from memory (POST /v2/parcels/upload).
 *
 * `content` is any bytes, and may be NULL if `length` is 0. `file_name` is UTF-8, not empty, and
 * what the addressee sees. `route` may be NULL: ECGrid then reads the route from the content's
 * envelope. On ECGRID_OK `*parcel_id` is the id of the new parcel; else it is 0. `parcel_id` may be
 * NULL.
 *
 * When the outcome is ECGRID_OUTCOME_UNKNOWN, it may have been sent: look into the outbox before you
 * send it again.
 *
 * Any number of threads. Blocks at most for the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_upload(const ecgrid_session *session,
                                    const void *content,
                                    size_t length,
                                    const char *file_name,
                                    const ecgrid_route *route,
                                    int64_t *parcel_id,
                                    ecgrid_error **error);

/**
 * Sends a file as a parcel.
 *
 * `file_name` is what the addressee sees; NULL: the last part of the path, which then must be UTF-8.
 * A file that changes while it is sent is ECGRID_FILE, and ECGrid does not get the whole of it:
 * write a file elsewhere, and rename it when it is whole. All else as with ecgrid_session_upload.
 * Memory does not grow with the file.
 *
 * Any number of threads. Blocks as long as bytes go within the timeout. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_session_upload_file(const ecgrid_session *session,
                                         const char *path,
                                         const char *file_name,
                                         const ecgrid_route *route,
                                         int64_t *parcel_id,
                                         ecgrid_error **error);

/**
 * The content: any bytes, with a NUL behind them that does not count. Never NULL, also when there
 * are none.
 *
 * Borrowed until the parcel is freed. Any thread.
 * Since: 0.1.0
 */
const void *ecgrid_parcel_content(const ecgrid_parcel *parcel);

/**
 * How many bytes the content has. 0 for NULL. Any thread.
 * Since: 0.1.0
 */
size_t ecgrid_parcel_length(const ecgrid_parcel *parcel);

/**
 * The id that was asked for. 0 for NULL. Any thread.
 * Since: 0.1.0
 */
int64_t ecgrid_parcel_id(const ecgrid_parcel *parcel);

/**
 * The file name as ECGrid says it; "" when there is none. It is the sender's word, and may be
 * "../../etc/passwd": do not make a path of it.
 *
 * Borrowed until the parcel is freed. "" for NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_parcel_file_name(const ecgrid_parcel *parcel);

/**
 * Frees a parcel, and wipes it. NULL does nothing.
 *
 * Any thread, also in a forked child.
 * Since: 0.1.0
 */
void ecgrid_parcel_free(ecgrid_parcel *parcel);

/* ---- Inbox ----
 *
 * An inbox is a folder that gets the parcels of a mailbox. A round asks for everything that is
 * pending, and each parcel appears in the folder as a file: whole, once, and under a safe name that
 * begins with the parcel's id, such as 9007199254740993-order.edi. Only then is it confirmed. Take
 * the files away whenever you like, but do not change them where they are.
 *
 * That holds on a local file system whatever happens at whatever moment: the process is killed, the
 * disk is full, the network fails. What a round could not do, a later one does, also one of another
 * process. The hidden folder .ecgrid in it has the notes that this takes: do not remove it.
 * docs/parcels.md has the protocol, and the one exception, a power cut.
 *
 * A folder belongs to one handle and its clones, inbox or outbox, in one process. The handle outlives
 * the session it was opened with, and is a child of that: the session's cancel and stop reach it. A
 * clone is a child of its inbox (see Client).
 */

/**
 * Opens a folder as the inbox of a mailbox. The folder must be there. No request is made.
 *
 * `mailbox_id` 0 is the account's own. On ECGRID_OK `*inbox` is owned by the caller, who frees it
 * with ecgrid_inbox_free; else it is NULL. `inbox` must not be NULL.
 *
 * Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_FILE, or
 * ECGRID_INVALID_STATE when another handle has the folder (the message has the number of its
 * process) and in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_inbox_open(const ecgrid_session *session,
                                const char *folder,
                                int64_t mailbox_id,
                                ecgrid_inbox **inbox,
                                ecgrid_error **error);

/**
 * One round: receives everything that is pending now, and confirms it.
 *
 * `*received` is how many files have appeared, also when an error is returned; it may be NULL. An
 * error with one parcel does not stop the others. Then the first error's status is returned, with
 * the most careful outcome of all; the log has each. Whatever the outcome is, call it again: what is
 * safe is not received twice. A round ends early when every other parcel would meet the same error:
 * the session is over, ECGrid is not reached or asks for a pause, the folder is gone.
 *
 * The timeout holds for each request, not for the round; while a parcel comes, it is the longest
 * time without a byte.
 *
 * Any number of threads; the second round waits for the first. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_inbox_receive(const ecgrid_inbox *inbox,
                                   int64_t *received,
                                   ecgrid_error **error);

/**
 * A clone: a handle on the same folder, and a child of `inbox`.
 *
 * A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. The
 * folder is free for another program when its last handle is freed. On ECGRID_OK `*clone` is owned
 * by the caller, who frees it with ecgrid_inbox_free, before or after `inbox`; else it is NULL.
 * `clone` must not be NULL. Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT,
 * ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_inbox_clone(const ecgrid_inbox *inbox,
                                 ecgrid_inbox **clone,
                                 ecgrid_error **error);

/**
 * A timeout for the requests of this handle, in milliseconds, in place of the one that the session
 * had when the inbox was opened; 0 is the configuration's.
 *
 * It holds for rounds that begin later, and for clones that are made later. Parents and older clones
 * keep theirs. Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_inbox_set_timeout_ms(const ecgrid_inbox *inbox,
                                          int64_t total,
                                          ecgrid_error **error);

/**
 * Ends the rounds that are running now, or waiting, through this handle and its clones: each returns
 * ECGRID_CANCELLED. What they have begun, the next one finishes.
 *
 * NULL, and an inbox of another process, do nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_inbox_cancel(const ecgrid_inbox *inbox);

/**
 * As ecgrid_inbox_cancel, and for good: every later round through this handle and its clones returns
 * ECGRID_CANCELLED too, and does nothing.
 *
 * To cancel one round through a clone, stop the clone: a cancel that comes before the round has
 * begun would be lost.
 *
 * NULL, and an inbox of another process, do nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_inbox_stop(const ecgrid_inbox *inbox);

/**
 * Frees a handle on an inbox. When it was the last one, another may open the folder. NULL does
 * nothing.
 *
 * Any thread, also in a forked child; no other may be in a call with this handle.
 * Since: 0.1.0
 */
void ecgrid_inbox_free(ecgrid_inbox *inbox);

/* ---- Outbox ----
 *
 * An outbox is a folder whose files are sent as parcels, each once. To drop a file in, write it
 * under another name, which begins with a dot or ends in .tmp or .part, or in another folder of the
 * same disk, and rename it when it is whole. A round sends every file that lies there, under its
 * name, and moves it to
 * - sent/, with the parcel's id before its name;
 * - refused/, when ECGrid will not have this file, with the reason beside it;
 * - unclear/, when nobody can know whether it was sent, with a note for a person beside it.
 *
 * What could not be sent now stays, and the next round tries again. Names that are taken get a
 * number.
 *
 * While it is unclear whether an upload was done, the file is in the hidden folder .ecgrid, and is
 * looked for in ECGrid's list of sent parcels. If it is there, it was sent. If ECGrid does not show
 * it within the settle time, it was not, and is sent again. Never twice comes before soon.
 * docs/parcels.md has the protocol.
 *
 * A folder belongs to one handle and its clones, inbox or outbox, in one process. The handle outlives
 * the session it was opened with, and is a child of that: the session's cancel and stop reach it. A
 * clone is a child of its outbox (see Client).
 */

/**
 * Opens a folder as an outbox. The folder must be there. No request is made.
 *
 * `route` is copied, and may be NULL: ECGrid then reads the route from each file's envelope. On
 * ECGRID_OK `*outbox` is owned by the caller, who frees it with ecgrid_outbox_free; else it is NULL.
 * `outbox` must not be NULL.
 *
 * What is unclear still was begun for one account, base URL and route: opened with others, such a
 * file goes to unclear/.
 *
 * Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, ECGRID_FILE, or
 * ECGRID_INVALID_STATE when another handle has the folder (the message has the number of its
 * process) and in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_outbox_open(const ecgrid_session *session,
                                 const char *folder,
                                 const ecgrid_route *route,
                                 ecgrid_outbox **outbox,
                                 ecgrid_error **error);

/**
 * How long ECGrid may take until its outbox list shows an upload, in milliseconds: 600000 at first.
 * A file that may have been sent is sent again no sooner.
 *
 * Returns ECGRID_OK, or ECGRID_INVALID_ARGUMENT for a negative number. Any number of threads.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_outbox_set_settle_ms(const ecgrid_outbox *outbox,
                                          int64_t milliseconds,
                                          ecgrid_error **error);

/**
 * One round: sends every file that lies in the folder now.
 *
 * `*sent` is how many files are known to be sent, also when an error is returned; it may be NULL. An
 * error with one file does not stop the others, unless it says nothing about the file: HTTP 401,
 * 403, 429, 5xx, or that ECGrid is not reached. Then the first error's status is returned, with the
 * most careful outcome of all; the log has each. Whatever the outcome is, call it again: what may
 * have been sent is not sent again before that is known. It is no error that a file has to wait for
 * that.
 *
 * The timeout holds for each request, not for the round; while a file goes, it is the longest time
 * without a byte.
 *
 * Any number of threads; the second round waits for the first. Returns any status.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_outbox_send(const ecgrid_outbox *outbox,
                                 int64_t *sent,
                                 ecgrid_error **error);

/**
 * A clone: a handle on the same folder, and a child of `outbox`.
 *
 * A clone of a stopped handle is stopped. It begins with the timeout that its parent has now. The
 * folder is free for another program when its last handle is freed. On ECGRID_OK `*clone` is owned
 * by the caller, who frees it with ecgrid_outbox_free, before or after `outbox`; else it is NULL.
 * `clone` must not be NULL. Any number of threads. Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT,
 * ECGRID_OUT_OF_MEMORY, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_outbox_clone(const ecgrid_outbox *outbox,
                                  ecgrid_outbox **clone,
                                  ecgrid_error **error);

/**
 * A timeout for the requests of this handle, in milliseconds, in place of the one that the session
 * had when the outbox was opened; 0 is the configuration's.
 *
 * It holds for rounds that begin later, and for clones that are made later. Parents and older clones
 * keep theirs. Any thread.
 * Returns ECGRID_OK, ECGRID_INVALID_ARGUMENT, or ECGRID_INVALID_STATE in a forked child.
 * Since: 0.1.0
 */
ecgrid_status ecgrid_outbox_set_timeout_ms(const ecgrid_outbox *outbox,
                                           int64_t total,
                                           ecgrid_error **error);

/**
 * Ends the rounds that are running now, or waiting, through this handle and its clones: each returns
 * ECGRID_CANCELLED. What they have begun, the next one finishes.
 *
 * NULL, and an outbox of another process, do nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_outbox_cancel(const ecgrid_outbox *outbox);

/**
 * As ecgrid_outbox_cancel, and for good: every later round through this handle and its clones returns
 * ECGRID_CANCELLED too, and does nothing.
 *
 * To cancel one round through a clone, stop the clone: a cancel that comes before the round has
 * begun would be lost.
 *
 * NULL, and an outbox of another process, do nothing. Any thread; not from a signal handler.
 * Since: 0.1.0
 */
void ecgrid_outbox_stop(const ecgrid_outbox *outbox);

/**
 * Frees a handle on an outbox. When it was the last one, another may open the folder. NULL does
 * nothing.
 *
 * Any thread, also in a forked child; no other may be in a call with this handle.
 * Since: 0.1.0
 */
void ecgrid_outbox_free(ecgrid_outbox *outbox);

/* ---- Library ----
 *
 * ECGRID_VERSION_NUMBER is the version of this header; compare it with what the library says that
 * a program runs with.
 */

/**
 * The version of the library, such as "0.1.0".
 *
 * Returns a static text, never NULL. Any thread.
 * Since: 0.1.0
 */
const char *ecgrid_version(void);

/**
 * The version of the library as a number: major << 16 | minor << 8 | patch.
 *
 * Any thread.
 * Since: 0.1.0
 */
uint32_t ecgrid_version_number(void);

#ifdef __cplusplus
}
#endif

#endif /* ECGRID_H */
