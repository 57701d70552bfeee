namespace Penstock.Json;

/// <summary>What becomes of one member of a body. All zero but <see cref="Member"/>: it stays as it is.</summary>
internal struct MemberEdit
{
    /// <summary>Its index in the scan; -1 for one that was added.</summary>
    public int Member;

    public bool IsRemoved;

    public string? NewName;

    public ReadOnlyMemory<byte>? NewValue;

    /// <summary>Its splices, in the editor's list; they apply to the new value if there is one.</summary>
    public int SpliceStart;

    public int SpliceCount;
}
