using Penstock.Json;

namespace Penstock.Fuzz.Tests.References;

/// <summary>One change, for the editor and for its reference.</summary>
internal abstract record BodyEdit(string Name)
{
    public abstract void Apply(BodyEditor editor);

    public abstract void Apply(ReferenceBody body);

    internal sealed record Set(string Name, byte[] Value) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor) => editor.Set(Name, Value);

        public override void Apply(ReferenceBody body) => body.Set(Name, Value);

        public override string ToString() => $"set '{Name}' to {System.Text.Encoding.Latin1.GetString(Value)}";
    }

    internal sealed record SetIfAbsent(string Name, byte[] Value) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor) => editor.SetIfAbsent(Name, Value);

        public override void Apply(ReferenceBody body) => body.SetIfAbsent(Name, Value);

        public override string ToString() => $"set '{Name}', if absent, to {System.Text.Encoding.Latin1.GetString(Value)}";
    }

    internal sealed record Remove(string Name) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor) => editor.Remove(Name);

        public override void Apply(ReferenceBody body) => body.Remove(Name);

        public override string ToString() => $"remove '{Name}'";
    }

    internal sealed record Rename(string Name, string To) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor) => editor.Rename(Name, To);

        public override void Apply(ReferenceBody body) => body.Rename(Name, To);

        public override string ToString() => $"rename '{Name}' to '{To}'";
    }

    internal sealed record Nest(string Name, string[] Path) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor) => editor.Nest(Name, Path);

        public override void Apply(ReferenceBody body) => body.Nest(Name, Path);

        public override string ToString() => $"nest '{Name}' in '{string.Join("' '", Path)}'";
    }

    /// <summary>Puts the value into an array, by two splices at its ends.</summary>
    internal sealed record Wrap(string Name) : BodyEdit(Name)
    {
        public override void Apply(BodyEditor editor)
        {
            if (editor.TryGetRaw(Name, out var raw)) editor.Splice(Name, [new BodySplice(0, 0, "["u8.ToArray()), new BodySplice(raw.Length, raw.Length, "]"u8.ToArray())]);
        }

        public override void Apply(ReferenceBody body)
        {
            if (body[Name] is { } value) body.Set(Name, [.. "["u8, .. value, .. "]"u8]);
        }

        public override string ToString() => $"wrap '{Name}'";
    }
}
