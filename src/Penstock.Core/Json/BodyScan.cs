using System.Text;
using System.Text.Json;

namespace Penstock.Json;

/// <summary>
/// Finds the top-level members of a request body in one pass that also proves the whole to be JSON. Keeps offsets only;
/// one scan serves many requests in turn, and reading a body of known shape allocates nothing.
/// </summary>
/// <remarks>
/// Values that are not read here pass as they are, odd numbers and lone surrogates included: the provider judges them.
/// </remarks>
internal sealed class BodyScan
{
    public const int MaxDepth = 256;
    public const int MaxMembers = 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private BodyMember[] _members = new BodyMember[16];
    private byte[] _lastModel = [];
    private string _lastModelText = "";

    /// <summary>The body, a byte order mark left out. All offsets count from its start.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>The byte after the opening brace.</summary>
    public int ContentStart { get; private set; }

    public int Count { get; private set; }

    /// <summary>The member <c>model</c>; null when it is missing or not a string.</summary>
    public string? Model { get; private set; }

    /// <summary>Whether <c>stream</c> is the literal true. A string "true" does not count.</summary>
    public bool Stream { get; private set; }

    /// <summary>The member <c>n</c>, or 1 when it is missing or not a positive integer.</summary>
    public int Choices { get; private set; } = 1;

    public ref readonly BodyMember this[int index] => ref _members.AsSpan(0, Count)[index];

    /// <exception cref="BodyException">
    /// The body is not a JSON object, is too deep or too wide, or names a member twice, in whatever casing, that decides
    /// about the request. The scan is then empty.
    /// </exception>
    public void Read(ReadOnlyMemory<byte> body)
    {
        Clear();
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty) throw new BodyException("The request has no body. A JSON object was expected.");
        var reader = new Utf8JsonReader(body.Span, Options);
        var isRead = false;
        try
        {
            ReadMembers(ref reader);
            Body = body;
            isRead = true;
        }
        catch (JsonException e)
        {
            throw BodyFaults.NotJson(body.Span, e, reader.CurrentDepth);
        }
        finally
        {
            if (!isRead) Clear();
        }
    }

    /// <summary>Lets go of the body.</summary>
    public void Clear()
    {
        Body = default;
        ContentStart = 0;
        Count = 0;
        Model = null;
        Stream = false;
        Choices = 1;
    }

    public bool IsNamed(int index, ReadOnlySpan<byte> name)
    {
        ref readonly var member = ref this[index];
        return JsonEscapes.Means(Body.Span[member.NameStart..member.NameEnd], member.NameEscaped, name);
    }

    private void ReadMembers(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw BodyFaults.NotAnObject(reader.TokenType);
        ContentStart = (int)reader.BytesConsumed;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = KnownMembers.Find(reader.ValueSpan, reader.ValueIsEscaped, out var isExact);
            if (known >= 0)
            {
                if ((seen & (1 << known)) != 0) throw BodyFaults.Twice(KnownMembers.Name(known));
                seen |= 1 << known;
            }

            var nameStart = (int)reader.TokenStartIndex + 1;
            var nameEnd = nameStart + reader.ValueSpan.Length;
            var isEscaped = reader.ValueIsEscaped;
            reader.Read();
            var valueStart = (int)reader.TokenStartIndex;
            var kind = reader.TokenType;
            if (isExact) ReadKnown(ref reader, known);
            reader.Skip();
            Add(new BodyMember(nameStart, nameEnd, valueStart, (int)reader.BytesConsumed, isEscaped, kind));
        }

        reader.Read();   // throws when anything follows the object
    }

    private void ReadKnown(ref Utf8JsonReader reader, int known)
    {
        if (known == KnownMembers.Model && reader.TokenType == JsonTokenType.String) Model = ReadModel(ref reader);
        else if (known == KnownMembers.Stream) Stream = reader.TokenType == JsonTokenType.True;
        else if (known == KnownMembers.N && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var choices)) Choices = Math.Max(1, choices);
    }

    /// <summary>Clients name the same few models: the last one is kept, so that its text is not made anew.</summary>
    private string ReadModel(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(_lastModel)) return _lastModelText;
        string model;
        try
        {
            model = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new BodyException("The member 'model' holds text that is not valid Unicode. Send the model's name as UTF-8.");
        }

        if (reader.ValueSpan.Length <= 256)
        {
            _lastModelText = model;
            _lastModel = Encoding.UTF8.GetBytes(model);
        }

        return model;
    }

    private void Add(BodyMember member)
    {
        if (Count == MaxMembers) throw new BodyException($"The body has more than {MaxMembers} top-level members. Send fewer.");
        if (Count == _members.Length) Array.Resize(ref _members, Count * 2);
        _members[Count++] = member;
    }
}
