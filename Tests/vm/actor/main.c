// A program that does as it is told, step by step, so that races can be played in any order.
//
//     actor ORDERS ANSWERS SOCKET PASSING
//
// The arguments are descriptors: one order a line is read from ORDERS, and each is answered by a line on ANSWERS once it is
// done; a child that it forks has the next two descriptors for its own. SOCKET is the connection that orders are about, or
// -1; PASSING is a socket to another actor, or -1. It ends with its orders.

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int orders, answers, connection, passing;

static void answer(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vdprintf(answers, format, arguments);
    va_end(arguments);
}

static void report(const char *what, long result) {
    if (result < 0) answer("failed %s: %s\n", what, strerror(errno));
    else answer("ok\n");
}

static int read_line(char *line, size_t size) {
    size_t length = 0;
    while (length + 1 < size) {
        if (read(orders, line + length, 1) != 1) return -1;
        if (line[length] == '\n') break;
        length++;
    }
    line[length] = 0;
    return 0;
}

static int connect_to(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    connection = socket(AF_UNIX, SOCK_STREAM, 0);
    return connect(connection, (struct sockaddr *)&address, sizeof address);
}

static ssize_t send_line(const char *text) {
    char line[512];
    int length = snprintf(line, sizeof line, "%s\r\n", text);
    return send(connection, line, (size_t)length, MSG_NOSIGNAL);
}

static ssize_t send_with(int type, const void *data, size_t size, int over, const char *text) {
    union {
        struct cmsghdr header;
        char bytes[64];
    } control = {0};
    char line[512];
    struct iovec part = {.iov_base = line, .iov_len = (size_t)snprintf(line, sizeof line, "%s\r\n", text)};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(size)};
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(size), .cmsg_level = SOL_SOCKET, .cmsg_type = type};
    memcpy(CMSG_DATA(&control.header), data, size);
    return sendmsg(over, &message, MSG_NOSIGNAL);
}

static int take_connection(void) {
    char text[16], control[64];
    struct iovec part = {.iov_base = text, .iov_len = sizeof text};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(passing, &message, 0) < 0) return -1;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_type != SCM_RIGHTS) return -1;
    memcpy(&connection, CMSG_DATA(header), sizeof connection);
    return 0;
}

// Becomes the program; it goes on with the same descriptors, as the program's own label has it.
static int become(const char *program) {
    char numbers[4][12];
    int values[] = {orders, answers, connection, passing};
    for (int i = 0; i < 4; i++) snprintf(numbers[i], sizeof numbers[i], "%d", values[i]);
    return execl(program, program, numbers[0], numbers[1], numbers[2], numbers[3], "again", NULL);
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    if (file < 0) return -1;
    ssize_t count = write(file, text, strlen(text));
    close(file);
    return count < 0 ? -1 : 0;
}

// Namespaces of the actor's own, in which it has all capabilities, and the user and group that it had.
static int enter_namespaces(void) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1", getuid(), getuid());
    snprintf(groups, sizeof groups, "%u %u 1", getgid(), getgid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) < 0) return -1;
    if (write_file("/proc/self/setgroups", "deny") < 0 || write_file("/proc/self/gid_map", groups) < 0) return -1;
    return write_file("/proc/self/uid_map", users);
}

static void turn_to_own_orders(void) {
    orders += 2;
    answers += 2;
    answer("ok\n");
}

static void fork_child(void) {
    pid_t child = fork();
    if (child != 0) {
        report("fork", child);
        return;
    }
    turn_to_own_orders();
}

static int put(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT, 0644);
    if (file < 0) return -1;
    ssize_t count = write(file, text, strlen(text));
    close(file);
    return count < 0 ? -1 : 0;
}

// A root in memory as Flatpak makes it, but for what `kind` says is wrong with it, for the application `id`.
static int enter_sandbox(const char *kind, const char *id) {
    const char *root = "/run/sandbox", *place = "/run/sandbox/.flatpak-info", *source = "/run/sandbox/.source";
    char text[256];
    snprintf(text, sizeof text, "[Application]\nname=%s\n", id);
    mkdir(root, 0755);
    if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -1;
    if (mount("tmpfs", root, "tmpfs", 0, "mode=755") < 0 || put(source, text) < 0) return -1;

    if (!strcmp(kind, "unmounted")) {
        if (put(place, text) < 0) return -1;
    } else if (!strcmp(kind, "linked")) {
        if (symlink(".source", place) < 0) return -1;
    } else if (!strcmp(kind, "pipe")) {
        if (mkfifo(place, 0644) < 0 || mount(place, place, NULL, MS_BIND, NULL) < 0) return -1;
    } else if (put(place, "") < 0 || mount(source, place, NULL, MS_BIND, NULL) < 0) return -1;
    if (!strcmp(kind, "pipe") || !strcmp(kind, "genuine")) {
        if (mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) < 0) return -1;
    }
    return chroot(root) < 0 ? -1 : chdir("/");
}

// Forks until a child has this number, as processes come by theirs; the other children end at once.
static void await_number(pid_t wanted) {
    for (;;) {
        pid_t child = fork();
        if (child == 0) {
            if (getpid() != wanted) _exit(0);
            turn_to_own_orders();
            return;
        }
        if (child < 0 || child == wanted) {
            report("fork", child);
            return;
        }
        waitpid(child, NULL, 0);
    }
}

// Forks a child with this number, which only root can ask for.
static void take_number(pid_t wanted) {
    struct clone_args arguments = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&wanted, .set_tid_size = 1};
    long child = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0) turn_to_own_orders();
    else report("clone3", child);
}

// The number that a process or thread was given last.
static int last_number(void) {
    char text[128] = {0};
    int file = open("/proc/loadavg", O_RDONLY);
    if (file < 0) return -1;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    char *space = strrchr(text, ' ');
    return count > 0 && space ? atoi(space) : -1;
}

// Whether the next process will have this number: those in between are taken.
static int is_next(pid_t wanted) {
    pid_t last = last_number();
    if (last < 0 || last >= wanted) return 0;
    for (pid_t number = last + 1; number < wanted; number++) {
        if (kill(number, 0) < 0 && errno == ESRCH) return 0;
    }
    return 1;
}

// Uses up numbers until this one is next, by forks that fail after they were given one.
static int burn_numbers(pid_t wanted) {
    int *nowhere = (int *)8;
    for (int i = 0; i < 10000; i++) {
        if (is_next(wanted)) return 0;
        if (syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, nowhere, 0, 0) >= 0 || errno != EFAULT) return -1;
    }
    errno = ETIMEDOUT;
    return -1;
}

static int wait_as_long_as_the_parent(void *unused) {
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
}

// Starts a process that has the same memory, and does nothing.
static int share_memory(void) {
    static char stack[65536] __attribute__((aligned(16)));
    return clone(wait_as_long_as_the_parent, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL);
}

static void obey_all(void);

static void *obey_under_label(void *label) {
    report("thread-label", write_file("/proc/thread-self/attr/current", label));
    obey_all();
    _exit(0);
}

// Has another thread follow the orders from now on, under another label.
static void hand_to_thread(char *label) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, obey_under_label, label) != 0) answer("failed: no thread\n");
    else pthread_join(thread, NULL);
}

static void obey(char *line) {
    char *argument = strchr(line, ' ');
    if (argument) *argument++ = 0;
    else argument = line + strlen(line);

    if (!strcmp(line, "connect")) report(line, connect_to(argument));
    else if (!strcmp(line, "send")) report(line, send_line(argument));
    else if (!strcmp(line, "fork")) fork_child();
    else if (!strcmp(line, "exec")) report(line, become(argument));
    else if (!strcmp(line, "drop")) report(line, close(connection));
    else if (!strcmp(line, "pass")) report(line, send_with(SCM_RIGHTS, &connection, sizeof connection, passing, "x"));
    else if (!strcmp(line, "take")) report(line, take_connection());
    else if (!strcmp(line, "pid")) answer("%d\n", getpid());
    else if (!strcmp(line, "uid")) report(line, setuid((uid_t)atoi(argument)));
    else if (!strcmp(line, "label")) report(line, write_file("/proc/self/attr/current", argument));
    else if (!strcmp(line, "join")) report(line, write_file(argument, "0"));
    else if (!strcmp(line, "sandbox")) {
        // sandbox KIND ID
        char *id = strchr(argument, ' ');
        if (id) *id++ = 0;
        report(line, enter_sandbox(argument, id ? id : ""));
    } else if (!strcmp(line, "namespaces")) report(line, enter_namespaces());
    else if (!strcmp(line, "send-as")) {
        // send-as PID TEXT
        char *text = strchr(argument, ' ');
        struct ucred sender = {.pid = atoi(argument), .uid = getuid(), .gid = getgid()};
        report(line, send_with(SCM_CREDENTIALS, &sender, sizeof sender, connection, text ? text + 1 : ""));
    } else if (!strcmp(line, "await-number")) await_number(atoi(argument));
    else if (!strcmp(line, "take-number")) take_number(atoi(argument));
    else if (!strcmp(line, "burn-numbers")) report(line, burn_numbers(atoi(argument)));
    else if (!strcmp(line, "share-memory")) report(line, share_memory());
    else if (!strcmp(line, "thread-label")) hand_to_thread(argument);
    else if (!strcmp(line, "reap")) report(line, waitpid(atoi(argument), NULL, 0));
    else if (!strcmp(line, "exit")) _exit(0);
    else answer("failed: no such order: %s\n", line);
}

static void obey_all(void) {
    char line[512];
    while (read_line(line, sizeof line) == 0) obey(line);
}

int main(int count, char **arguments) {
    if (count < 5) return 2;
    orders = atoi(arguments[1]);
    answers = atoi(arguments[2]);
    connection = atoi(arguments[3]);
    passing = atoi(arguments[4]);
    if (count > 5) answer("ok\n");
    obey_all();
    return 0;
}
