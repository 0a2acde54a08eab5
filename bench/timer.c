/*
 * Carries out jobs one after the other and tells how long each took, by one clock in one process: so a request to
 * the appliance, a bare system call and a whole program can take turns and be compared.
 *
 * Reads one job a line from standard input, fields separated by tabs:
 *
 *   KEY http   SOCKET METHOD PATH BODY SINK   one request on a connection that is kept open; BODY is text, @FILE or -
 *   KEY ioctl  SOURCE DIRECTORY NAME          a read-only btrfs snapshot, then fsync of the directory
 *   KEY record SOURCE DIRECTORY NAME FILE     FILE is written and synced, then the same snapshot, then FILE is removed
 *   KEY thin   DEVICE POOL ID ORIGIN          DEVICE is suspended, POOL makes thin device ID of thin device ORIGIN, DEVICE goes on
 *   KEY exec   SINK PROGRAM ARGUMENT...       a program from its start to its end; LC_ALL=C
 *   KEY ready  SOCKET PATH PROGRAM ARGUMENT... a service from its start until PATH answers 200; ended (SIGTERM) after the time taken
 *   KEY touch  FILE                           writes 4 KiB into a file
 *
 * SINK is the file that takes the answer's body or the program's output; - throws it away. Both come through the same
 * pipe-like read and write of this process. Prints "KEY<tab>nanoseconds"; a KEY of - is carried out and not told.
 * A job that fails ends everything with status 1 and a word about why.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/dm-ioctl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIELDS 64

static char *environment[] = {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
static char buffer[1 << 20];
static char head[1 << 16];

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("timer: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(1);
}

static int check(int result, const char *what, const char *subject) {
    if (result < 0) {
        fail("cannot %s %s: %s", what, subject, strerror(errno));
    }
    return result;
}

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int open_sink(const char *sink) {
    if (strcmp(sink, "-") == 0) {
        return -1;
    }
    return check(open(sink, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "open", sink);
}

static void pour(int sink, const char *bytes, size_t length) {
    while (sink >= 0 && length > 0) {
        ssize_t n = check(write(sink, bytes, length), "write", "the sink");
        bytes += n;
        length -= n;
    }
}

static void drain(int source, int sink) {
    ssize_t n;
    while ((n = check(read(source, buffer, sizeof buffer), "read", "output")) > 0) {
        pour(sink, buffer, n);
    }
}

/* ---- HTTP/1.1 on a Unix socket ---- */

static char connected[sizeof((struct sockaddr_un *)0)->sun_path];
static int connection = -1;
static size_t filled, used; /* what of the buffer came, and what of it was taken */

static void dial(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (connection >= 0 && strcmp(connected, path) == 0) {
        return;
    }
    if (connection >= 0) {
        close(connection);
    }
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    strcpy(connected, address.sun_path);
    connection = check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "make", "a socket");
    check(connect(connection, (struct sockaddr *)&address, sizeof address), "connect to", path);
    filled = used = 0;
}

static void fill(void) {
    ssize_t n = check(read(connection, buffer, sizeof buffer), "read", "the answer");
    if (n == 0) {
        fail("the appliance closed the connection");
    }
    filled = n;
    used = 0;
}

static int next_byte(void) {
    if (used == filled) {
        fill();
    }
    return (unsigned char)buffer[used++];
}

static char *next_line(void) {
    size_t length = 0;
    int byte;
    while ((byte = next_byte()) != '\n') {
        if (length < sizeof head - 1 && byte != '\r') {
            head[length++] = (char)byte;
        }
    }
    head[length] = '\0';
    return head;
}

static void take(size_t length, int sink) {
    while (length > 0) {
        if (used == filled) {
            fill();
        }
        size_t part = filled - used < length ? filled - used : length;
        pour(sink, buffer + used, part);
        used += part;
        length -= part;
    }
}

static void take_chunks(int sink) {
    size_t length;
    while ((length = strtoul(next_line(), NULL, 16)) > 0) {
        take(length, sink);
        next_line();
    }
    next_line();
}

static void send_all(const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = check(write(connection, bytes, length), "send", "a request");
        bytes += n;
        length -= n;
    }
}

static char *load(const char *path, size_t *length) {
    struct stat stat;
    int file = check(open(path, O_RDONLY | O_CLOEXEC), "open", path);
    check(fstat(file, &stat), "stat", path);
    char *content = malloc(stat.st_size + 1);
    *length = check(read(file, content, stat.st_size), "read", path);
    close(file);
    return content;
}

static void answer(const char *request, int sink) {
    int status = 0, chunked = 0;
    size_t length = 0;
    sscanf(next_line(), "HTTP/1.1 %d", &status);
    for (char *line = next_line(); *line; line = next_line()) {
        if (strncasecmp(line, "content-length:", 15) == 0) {
            length = strtoul(line + 15, NULL, 10);
        } else if (strncasecmp(line, "transfer-encoding:", 18) == 0) {
            chunked = 1;
        }
    }
    if (status < 200 || status > 299) {
        take(length, STDERR_FILENO);
        fail("%s: status %d", request, status);
    }
    if (chunked) {
        take_chunks(sink);
    } else {
        take(length, sink);
    }
}

static void http(char **field) {
    char *body = strcmp(field[5], "-") == 0 ? "" : field[5];
    size_t length = strlen(body);
    if (body[0] == '@') {
        body = load(body + 1, &length);
    }
    dial(field[2]);
    int sink = open_sink(field[6]);
    static char request[8192];
    int n = snprintf(request, sizeof request,
                     "%s %s HTTP/1.1\r\nHost: varve\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                     field[3], field[4], length);
    if (length < sizeof request - n) {
        memcpy(request + n, body, length);
        send_all(request, n + length);
    } else {
        send_all(request, n);
        send_all(body, length);
    }
    answer(field[4], sink);
    if (field[5][0] == '@') {
        free(body);
    }
    if (sink >= 0) {
        close(sink);
    }
}

/* ---- btrfs ---- */

static void snapshot(char **field) {
    struct btrfs_ioctl_vol_args_v2 arguments = {.flags = BTRFS_SUBVOL_RDONLY};
    int source = check(open(field[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", field[2]);
    int directory = check(open(field[3], O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", field[3]);
    arguments.fd = source;
    strncpy(arguments.name, field[4], BTRFS_SUBVOL_NAME_MAX);
    check(ioctl(directory, BTRFS_IOC_SNAP_CREATE_V2, &arguments), "snapshot", field[2]);
    check(fsync(directory), "sync", field[3]);
    close(source);
    close(directory);
}

static void recorded_snapshot(char **field) {
    static char record[300];
    memset(record, 'r', sizeof record);
    int file = check(open(field[5], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "make", field[5]);
    check(write(file, record, sizeof record), "write", field[5]);
    check(fsync(file), "sync", field[5]);
    close(file);
    snapshot(field);
    check(unlink(field[5]), "remove", field[5]);
}

/* ---- device-mapper ---- */

static void ask_mapper(unsigned long command, const char *device, unsigned flags, const char *message) {
    static int control = -1;
    static struct {
        struct dm_ioctl head;
        char data[1024];
    } request;
    if (control < 0) {
        control = check(open("/dev/mapper/control", O_RDWR | O_CLOEXEC), "open", "/dev/mapper/control");
    }
    memset(&request, 0, sizeof request);
    request.head.version[0] = DM_VERSION_MAJOR;
    request.head.data_size = sizeof request;
    request.head.data_start = sizeof request.head;
    request.head.flags = flags;
    strncpy(request.head.name, device, DM_NAME_LEN - 1);
    if (message != NULL) {
        strncpy(request.data + sizeof(struct dm_target_msg), message, 100);
    }
    check(ioctl(control, command, &request), "ask device-mapper about", device);
}

static void thin_snapshot(char **field) {
    char message[100];
    snprintf(message, sizeof message, "create_snap %s %s", field[4], field[5]);
    ask_mapper(DM_DEV_SUSPEND, field[2], DM_SUSPEND_FLAG, NULL);
    ask_mapper(DM_TARGET_MSG, field[3], 0, message);
    ask_mapper(DM_DEV_SUSPEND, field[2], 0, NULL);
}

/* ---- programs, and the work between ---- */

static void run(char **field) {
    int ends[2];
    pid_t child;
    posix_spawn_file_actions_t actions;
    int sink = open_sink(field[2]);
    check(pipe2(ends, O_CLOEXEC), "make", "a pipe");
    fcntl(ends[1], F_SETPIPE_SZ, sizeof buffer);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    int problem = posix_spawn(&child, field[3], &actions, NULL, field + 3, environment);
    if (problem != 0) {
        fail("cannot run %s: %s", field[3], strerror(problem));
    }
    close(ends[1]);
    drain(ends[0], sink);
    int status;
    check(waitpid(child, &status, 0), "wait for", field[3]);
    close(ends[0]);
    posix_spawn_file_actions_destroy(&actions);
    if (sink >= 0) {
        close(sink);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail("%s failed (status %d)", field[3], status);
    }
}

static void touch(char **field) {
    static unsigned char content[4096];
    static unsigned long long counter;
    memcpy(content, &counter, sizeof counter);
    counter++;
    int file = check(open(field[2], O_WRONLY | O_CREAT | O_CLOEXEC, 0600), "open", field[2]);
    check(write(file, content, sizeof content), "write", field[2]);
    close(file);
}

/* ---- a service's start ---- */

static pid_t service;

static int answers_200(const char *socket_path, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[512];
    strncpy(address.sun_path, socket_path, sizeof address.sun_path - 1);
    int door = check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "make", "a socket");
    int length = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: varve\r\nConnection: close\r\n\r\n", path);
    ssize_t read_bytes = -1;
    if (connect(door, (struct sockaddr *)&address, sizeof address) == 0 && write(door, text, length) == length) {
        read_bytes = read(door, text, sizeof text);
    }
    close(door);
    return read_bytes > 12 && strncmp(text, "HTTP/1.1 200", 12) == 0;
}

static void ready(char **field) {
    struct timespec pause = {.tv_nsec = 500000};
    int problem = posix_spawn(&service, field[4], NULL, NULL, field + 4, environment);
    if (problem != 0) {
        fail("cannot run %s: %s", field[4], strerror(problem));
    }
    while (!answers_200(field[2], field[3])) {
        if (waitpid(service, NULL, WNOHANG) != 0) {
            fail("%s ended", field[4]);
        }
        nanosleep(&pause, NULL);
    }
}

static void end_service(void) {
    if (service > 0) {
        kill(service, SIGTERM);
        check(waitpid(service, NULL, 0), "wait for", "the service");
        service = 0;
    }
}

static const struct {
    const char *name;
    int fields;
    void (*action)(char **);
} verbs[] = {{"http", 7, http}, {"ioctl", 5, snapshot}, {"record", 6, recorded_snapshot}, {"thin", 6, thin_snapshot}, {"exec", 4, run},
             {"ready", 5, ready}, {"touch", 3, touch}};

static void job(char **field, int count) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (count >= verbs[i].fields && strcmp(field[1], verbs[i].name) == 0) {
            long long start = now();
            verbs[i].action(field);
            long long taken = now() - start;
            if (strcmp(field[0], "-") != 0) {
                printf("%s\t%lld\n", field[0], taken);
            }
            end_service();
            return;
        }
    }
    fail("no such job: %s with %d fields", count > 1 ? field[1] : "", count);
}

int main(void) {
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    while ((length = getline(&line, &size, stdin)) > 0) {
        char *field[FIELDS] = {0};
        int count = 0;
        line[length - 1] = '\0';
        for (char *rest = line; rest && count < FIELDS - 1;) {
            field[count++] = strsep(&rest, "\t");
        }
        job(field, count);
    }
    return 0;
}
