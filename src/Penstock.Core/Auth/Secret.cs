using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Penstock.Auth;

/// <summary>
/// A credential. It cannot be printed by accident: its text form is a mask, and only <see cref="Reveal"/> gives the
/// value, at the one place where a request is signed. Comparing takes the same time wherever two secrets differ.
/// </summary>
[DebuggerDisplay("***")]
internal readonly struct Secret(string value) : IEquatable<Secret>
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string? _value = value;

    public bool IsEmpty => string.IsNullOrEmpty(_value);

    public string Reveal() => _value ?? "";

    public override string ToString() => "***";

    public bool Equals(Secret other) =>
        CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(_value.AsSpan()), MemoryMarshal.AsBytes(other._value.AsSpan()));

    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    public override int GetHashCode() => Reveal().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
