using System.Collections.Immutable;
using System.Text;

namespace Penstock.Simulator;

/// <summary>A stream of server-sent events, with everything that can be odd or wrong about one.</summary>
public sealed record SseReply : HttpReply
{
    internal SseReply() => Framing = Framing.Chunked;

    internal ImmutableArray<SseEvent> Events { get; init; } = [];

    /// <summary>The event behind all others; null if there is none.</summary>
    internal SseEvent? Terminal { get; init; } = new("[DONE]");

    internal string LineEnd { get; init; } = "\n";

    internal bool EndsWithBlankLine { get; init; } = true;

    internal SseWrites Writes { get; init; } = SseWrites.Event;

    /// <summary>Overrides <see cref="Writes"/>: blocks of so many bytes, wherever they fall.</summary>
    internal int? BlockBytes { get; init; }

    internal TimeSpan Interval { get; init; }

    internal ImmutableArray<(int BeforeEvent, ReplyStep Step)> Inserted { get; init; } = [];

    /// <summary>Cuts the stream into other writes; events are the default.</summary>
    public SseReply WrittenBy(SseWrites writes) => this with { Writes = writes };

    public SseReply WrittenInBlocks(int bytes) => this with { BlockBytes = bytes };

    /// <param name="lineEnd">LF, CRLF or CR.</param>
    public SseReply WithLineEnd(string lineEnd) => this with { LineEnd = lineEnd };

    public SseReply WithoutDone() => this with { Terminal = null };

    /// <summary>Leaves out the blank line behind the last event, and that event's own line end.</summary>
    public SseReply WithoutFinalBlankLine() => this with { EndsWithBlankLine = false };

    /// <summary>Puts a comment, such as a ping, ahead of every event.</summary>
    public SseReply WithComments(string comment = " ping") =>
        this with { Events = [.. Events.Select(item => item with { Comment = comment })] };

    /// <summary>Inserts an event at a position; 0 puts it first.</summary>
    public SseReply WithEventAt(int index, SseEvent item) => this with { Events = Events.Insert(Math.Min(index, Events.Length), item) };

    /// <summary>Inserts an event whose data is an error object, as providers send it with status 200.</summary>
    public SseReply WithErrorAt(int index, string? json = null) =>
        WithEventAt(index, new SseEvent(json ?? """{"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}"""));

    /// <summary>Inserts an event whose data is broken JSON.</summary>
    public SseReply WithMalformedAt(int index) => WithEventAt(index, new SseEvent("""{"id":"broken","choices":[{"index":0,"delta":{"""));

    /// <summary>Takes every finish reason out of the events.</summary>
    public SseReply WithoutFinishReason() =>
        this with { Events = [.. Events.Where(static item => item.Data is null || !FinishReasons.IsIn(item.Data))] };

    /// <summary>Pauses between events, by the simulator's clock.</summary>
    public SseReply Every(TimeSpan interval) => this with { Interval = interval };

    /// <summary>Holds the event with this index, and all behind it, until the gate opens.</summary>
    public SseReply HoldEventUntil(int index, Task gate) => Insert(index, ReplyStep.Wait(gate));

    /// <summary>Sends nothing more after so many events, and leaves the connection open.</summary>
    public SseReply StallAfterEvents(int count) => Insert(count, ReplyStep.Wait(new TaskCompletionSource().Task));

    /// <summary>Ends the connection in order after so many events, without the last chunk.</summary>
    public SseReply CloseAfterEvents(int count) => Insert(count, ReplyStep.Close);

    public SseReply ResetAfterEvents(int count) => Insert(count, ReplyStep.Reset);

    /// <summary>Ends the body after so many events, with whole framing: a proxy in between can look like this.</summary>
    public SseReply EndAfterEvents(int count) => this with { Events = Events[..Math.Min(count, Events.Length)], Terminal = null };

    internal override IEnumerable<ReplyStep> BodySteps()
    {
        var events = Terminal is null ? Events : Events.Add(Terminal);
        var run = new List<byte[]>();
        for (var index = 0; index <= events.Length; index++)
        {
            var between = Inserted.Where(inserted => inserted.BeforeEvent == index || (index == events.Length && inserted.BeforeEvent > index)).Select(static inserted => inserted.Step).ToList();
            if (index > 0 && index < events.Length && Interval > TimeSpan.Zero) between.Insert(0, ReplyStep.Pause(Interval));
            if (between.Count > 0 || index == events.Length)
            {
                foreach (var block in Blocks(run)) yield return ReplyStep.Send(block);
                run.Clear();
                foreach (var step in between) yield return step;
            }

            if (index < events.Length) run.Add(Bytes(events[index], isLast: index == events.Length - 1));
        }
    }

    private SseReply Insert(int index, ReplyStep step) => this with { Inserted = Inserted.Add((index, step)) };

    private byte[] Bytes(SseEvent item, bool isLast)
    {
        var text = new StringBuilder();
        if (item.Comment is not null) text.Append(':').Append(item.Comment).Append(LineEnd).Append(LineEnd);
        if (item.Name is not null) text.Append("event: ").Append(item.Name).Append(LineEnd);
        if (item.Data is not null)
        {
            foreach (var line in item.Data.Split('\n')) text.Append("data: ").Append(line).Append(LineEnd);
            text.Append(LineEnd);
        }

        if (isLast && !EndsWithBlankLine) text.Length -= 2 * LineEnd.Length;
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private IEnumerable<ReadOnlyMemory<byte>> Blocks(List<byte[]> run)
    {
        if (BlockBytes is null && Writes == SseWrites.Event)
        {
            foreach (var item in run) yield return item;
            yield break;
        }

        ReadOnlyMemory<byte> all = run.SelectMany(static item => item).ToArray();
        while (!all.IsEmpty)
        {
            var length = Math.Min(BlockLength(all.Span), all.Length);
            yield return all[..length];
            all = all[length..];
        }
    }

    private int BlockLength(ReadOnlySpan<byte> rest)
    {
        if (BlockBytes is { } bytes) return bytes;
        return Writes switch
        {
            SseWrites.Byte => 1,
            SseWrites.Line => rest.IndexOf(Encoding.UTF8.GetBytes(LineEnd)) is >= 0 and var end ? end + LineEnd.Length : rest.Length,
            _ => rest.Length,
        };
    }
}
