// Sets a part of a stopped process's extended processor state and then reads a word of its memory. 0 if both go well: the first
// needs the shim, on any processor.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long word = 0x5eed;

int main(void) {
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    char state[576];  // the legacy region and the header, which every processor has
    struct iovec part = {.iov_base = state, .iov_len = sizeof state};
    int failures = 0;
    if (ptrace(PTRACE_GETREGSET, child, (void *)0x202, &part) != 0 || part.iov_len != sizeof state) failures |= 1;
    if (ptrace(PTRACE_SETREGSET, child, (void *)0x202, &part) != 0) failures |= 2;
    errno = 0;
    if (ptrace(PTRACE_PEEKDATA, child, (void *)&word, NULL) != word || errno != 0) failures |= 4;
    if (failures) fprintf(stderr, "failed: %d (%s)\n", failures, strerror(errno));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return failures;
}
