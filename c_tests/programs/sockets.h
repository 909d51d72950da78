/* Sockets, as POSIX and Windows have them. */
#ifndef SOCKETS_H
#define SOCKETS_H

#ifdef _WIN32

#include <winsock2.h>
#include <ws2tcpip.h>

#define MSG_NOSIGNAL 0 /* there is no SIGPIPE */
#define SHUT_WR SD_SEND
#define poll WSAPoll

typedef SOCKET socket_t;

static inline void socket_close(socket_t socket)
{
    closesocket(socket);
}

static inline void sockets_begin(void)
{
    WSADATA about;
    WSAStartup(MAKEWORD(2, 2), &about);
}

#else

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int socket_t;

static inline void socket_close(socket_t socket)
{
    close(socket);
}

static inline void sockets_begin(void)
{
}

#endif

#endif
