using System.Diagnostics;

namespace Penstock.Auth;

/// <summary>
/// A credential. It cannot be printed by accident: its text form is a mask, and only <see cref="Reveal"/> gives the
/// value, at the one place where a request is signed.
/// </summary>
[DebuggerDisplay("***")]
public readonly struct Secret(string value) : IEquatable<Secret>
{
    private readonly string? _value = value;

    public bool IsEmpty => string.IsNullOrEmpty(_value);

    public string Reveal() => _value ?? "";

    public override string ToString() => "***";

    public bool Equals(Secret other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
