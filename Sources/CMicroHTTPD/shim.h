#pragma once
#include <linux/filter.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

// libmicrohttpd's start and info functions are variadic, which Swift does not import.

// Leaves %-escapes in paths and queries alone: decoding is the router's work, where a bad escape has a name.
static inline size_t mhd_keep_escapes(void *cls, struct MHD_Connection *connection, char *text) {
    (void)cls;
    (void)connection;
    return strlen(text);
}

static inline struct MHD_Daemon *mhd_start(
    int listen_socket, unsigned int connection_limit, unsigned int idle_seconds, size_t connection_memory,
    MHD_AccessHandlerCallback handler, void *handler_context,
    MHD_RequestCompletedCallback completed, void *completed_context,
    void *(*begun)(void *cls, const char *uri, struct MHD_Connection *connection), void *begun_context,
    MHD_NotifyConnectionCallback connection_changed, void *connection_context) {
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_TURBO, 0, NULL, NULL,
        handler, handler_context,
        MHD_OPTION_LISTEN_SOCKET, listen_socket,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, idle_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
        MHD_OPTION_NOTIFY_COMPLETED, completed, completed_context,
        MHD_OPTION_URI_LOG_CALLBACK, begun, begun_context,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, connection_context,
        MHD_OPTION_UNESCAPE_CALLBACK, mhd_keep_escapes, NULL,
#if MHD_VERSION >= 0x00097701
        // Refuses bare line feeds, folded lines and NUL in a header.
        MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#endif
        MHD_OPTION_END);
}

static inline int mhd_epoll_descriptor(struct MHD_Daemon *daemon) {
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static inline int mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static inline const struct sockaddr *mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info == NULL ? NULL : info->client_addr;
}

// The library takes the first Cookie header apart and keeps every cookie in the connection's memory: some hundreds of
// them fill it, and then it hangs up. It gets one of ours first. `value` is one byte that must live on.
static inline enum MHD_Result mhd_hide_cookies(struct MHD_Connection *connection, const char *value) {
    return MHD_set_connection_value_n(connection, MHD_HEADER_KIND, "Cookie", 6, value, 1);
}

#if MHD_VERSION > 0x00097500 && MHD_VERSION < 0x00097701
#error "libmicrohttpd must be 0.9.75, or 0.9.77.1 or newer: those between cannot be told to refuse ambiguous headers"
#endif

// Version 0.9.75 takes bare line feeds, folded lines and NUL in a header for good, and cannot be told otherwise; later ones
// can. It leaves the header in its buffer, with NUL in place of each byte of a line's end, so that the distance from one value
// to the next name tells what was between them.
static inline _Bool mhd_shows_line_ends(void) { return strcmp(MHD_get_version(), "0.9.75") == 0; }

static inline int mhd_collect_headers(
    struct MHD_Connection *connection,
    enum MHD_Result (*each)(
        void *cls, enum MHD_ValueKind kind, const char *key, size_t key_size, const char *value, size_t value_size),
    void *context) {
    return MHD_get_connection_values_n(connection, MHD_HEADER_KIND, each, context);
}

static inline ssize_t mhd_stream_end(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline uint64_t mhd_unknown_size(void) { return MHD_SIZE_UNKNOWN; }
static inline enum MHD_ResponseMemoryMode mhd_memory_persistent(void) { return MHD_RESPMEM_PERSISTENT; }

// Whether a connection was opened; otherwise it was closed.
static inline _Bool mhd_is_opened(enum MHD_ConnectionNotificationCode code) {
    return code == MHD_CONNECTION_NOTIFY_STARTED;
}

// Linux's own, which <sys/socket.h> shows only with _GNU_SOURCE. That macro changes the members of other types (fd_set), and
// two modules that see one type with different members do not compile into one program: no shim defines it.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// A waiting connection, closed on exec and without blocking; -1 with errno.
static inline int socket_accept(int descriptor) {
    return accept4(descriptor, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

// Lets nothing more through to the socket: what comes is as if it had been lost on the way. 0, or -1 with errno.
static inline int socket_drop_all(int descriptor) {
    struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {.len = 1, .filter = &nothing};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
