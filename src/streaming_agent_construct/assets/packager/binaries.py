"""What machine compiled code is for, read from its first bytes: AgentCore runs arm64 Linux with glibc."""

import struct
from pathlib import Path

# e_machine of the ELF specification
_MACHINES = {0x03: "x86", 0x3E: "x86-64", 0x28: "32-bit arm", 0xF3: "RISC-V", 0x15: "PowerPC", 0x16: "s390x"}
_ARM64 = 0xB7
_MACH_O = {b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"}
_FAT = {b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"}
# Program header types and dynamic tags of the ELF specification.
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB = 1, 5


def is_arm64_linux(path: Path) -> bool:
    """Whether the file is compiled code that AgentCore runs."""
    return _head(path)[:4] == b"\x7fELF" and foreign_platform(path) is None


def foreign_platform(path: Path) -> str | None:
    """The platform of compiled code that AgentCore does not run; None for everything else."""
    head = _head(path)
    if head[:4] == b"\x7fELF" and len(head) >= 20:
        return _elf(path, head)
    if head[:4] in _MACH_O:
        return "macOS"
    # Java's classes begin with the same four bytes; there a version of 45 or more follows, here a number of machines.
    if head[:4] in _FAT and len(head) >= 8 and 0 < struct.unpack(">I", head[4:8])[0] < 30:
        return "macOS"
    return "Windows" if head[:2] == b"MZ" and _is_pe(path) else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(64)


def _elf(path: Path, head: bytes) -> str | None:
    order = ">" if head[5] == 2 else "<"
    machine = struct.unpack(f"{order}H", head[18:20])[0]
    if machine == 0:
        return None  # ELF for no machine: object data
    if machine != _ARM64 or order == ">":
        return f"{_MACHINES.get(machine, f'machine 0x{machine:x}')} Linux"
    if head[4] == 1:
        return "32-bit arm Linux"
    return "musl Linux" if _needs_musl(path) else None


def _needs_musl(path: Path) -> bool:
    """Whether the interpreter, or a library that it needs, is musl's."""
    try:
        return any(b"musl" in name for name in _needed(path.read_bytes()))
    except (struct.error, IndexError):
        return False  # cut off: whether it can be loaded is not for us to say


def _needed(data: bytes) -> list[bytes]:
    """The interpreter and the libraries that a 64-bit little-endian ELF file names."""
    table, size, count = (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54))
    headers = [struct.unpack_from("<IIQQQQ", data, table + size * index) for index in range(count)]
    names = [data[offset : offset + length] for kind, _, offset, _, _, length in headers if kind == _PT_INTERP]
    dynamic: list[tuple[int, int]] = []
    for kind, _, offset, _, _, length in headers:
        if kind == _PT_DYNAMIC:
            dynamic = list(struct.iter_unpack("<QQ", data[offset : offset + length // 16 * 16]))
    strings = next((value for tag, value in dynamic if tag == _DT_STRTAB), None)
    if strings is None:
        return names
    for kind, _, offset, address, _, length in headers:
        if kind == _PT_LOAD and address <= strings < address + length:
            start = offset + strings - address
            for tag, value in dynamic:
                if tag == _DT_NEEDED:
                    names.append(data[start + value : data.index(b"\0", start + value)])
    return names


def _is_pe(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(64)
        if len(start) < 64:
            return False
        file.seek(struct.unpack("<I", start[60:64])[0])
        return file.read(4) == b"PE\0\0"
