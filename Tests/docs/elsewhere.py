"""Who tries the commands of the pages that Tests/docs/check does not play: a file of this tree and what stands in it. None for the file:
nobody does, for the reason that is given instead."""

CI = ".ci/run"
TRIAL = "Tests/vm/package/trial"
HAND = None

ELSEWHERE = {
    "make demo": ("Tests/fresh/check", "make demo"),
    "make check": (CI, "make check "),
    "make check-fresh": (CI, "make check-fresh"),
    "make check-vm": (CI, "make check-vm"),
    "make check-net": (CI, "make check-net"),
    "make check-package": (CI, "make check-package"),
    "make check-docs": (CI, "make check-docs"),
    "make docs": (CI, "make docs"),
    "make check-stem": ("Makefile", "Tests/stem/run"),
    "make build": ("Tests/vm/package/check", "make --silent package"),
    "make package": ("Tests/vm/package/check", "make --silent package"),
    "make check-patterns": (HAND, "takes an hour"),
    "make bench": (HAND, "takes minutes, and needs a quiet machine"),
    "make bench ARGS='--picture docs/images/performance.svg'": (HAND, "takes minutes, and needs a quiet machine"),
    "make bench ARGS='--rounds 9 --json figures.json'": (HAND, "takes minutes, and needs a quiet machine"),
    ".build/release/bench-engine": (HAND, "takes minutes, and needs a quiet machine"),
    "valgrind --tool=callgrind .build/release/bench-engine --batches 3 allowed": (HAND, "a profiler's output is for its reader"),
    "make format": (HAND, "changes the tree; make check complains of what it would change"),
    "sudo make install": (HAND, "installs into this machine; the package is installed in the virtual machine"),
    "swift build --build-tests": ("Tests/tools/run-tests", "swift-build --build-tests"),
    "swift test --skip-build --filter SomeTests": ("Tests/tools/run-tests", "swift-test --skip-build"),
    "sudo apt install ./.build/package/onion-grater_*.deb": (TRIAL, "dpkg --no-triggers --install"),
    "sudo apt install onion-grater": (TRIAL, "dpkg --no-triggers --install"),
    "systemctl status onion-grater": (TRIAL, "systemctl status --no-pager --lines 0 onion-grater"),
    "sudo systemctl reload onion-grater": (TRIAL, "systemctl reload onion-grater"),
    "sudo onion-grater enable onionshare --port 9052": (TRIAL, "onion-grater enable stem-script --user backup --port 9052"),
    "onion-grater exec onionshare -- onionshare-cli --receive": (TRIAL, "onion-grater exec stem-script --"),
    "onion-grater exec onionshare -- onionshare": (TRIAL, "onion-grater exec stem-script --"),
    "journalctl -u onion-grater": (TRIAL, "journalctl --no-pager --unit onion-grater"),
    "journalctl -u onion-grater GRATER_DECISION=denied": (TRIAL, "logged GRATER_DECISION=denied"),
    "journalctl -u onion-grater GRATER_PROFILE=onionshare": (TRIAL, "GRATER_PROFILE=labelled"),
    "journalctl -u onion-grater -p warning": (TRIAL, "PRIORITY=5"),
    "flatpak override --user --filesystem=/run/onion-grater:ro org.onionshare.OnionShare": ("Tests/vm/flatpak/session", "--filesystem=/run/onion-grater"),
    "grater-check identify $(flatpak ps --columns=child-pid | tail -n 1)": (HAND, "needs a running Flatpak"),
    "ansible-playbook -i inventory docs/examples/ansible.yml": (HAND, "needs Ansible, and machines to configure"),
}
