using System.Collections.Immutable;
using Penstock.Simulator.Wire;

namespace Penstock.Simulator;

/// <summary>An answer down to its writes: what is waited for, the head, and the body as a list of steps.</summary>
public record HttpReply : Reply
{
    internal HttpReply()
    {
    }

    public int StatusCode { get; internal init; } = 200;

    internal ImmutableList<KeyValuePair<string, string>> Headers { get; init; } = [];

    internal Framing Framing { get; init; } = Framing.ContentLength;

    internal ImmutableArray<ReplyStep> Body { get; init; } = [];

    /// <summary>What happens before the head is written.</summary>
    internal ImmutableArray<ReplyStep> Before { get; init; } = [];

    /// <summary>What happens between the head and the body. If there is anything, the head is written on its own.</summary>
    internal ImmutableArray<ReplyStep> BeforeBody { get; init; } = [];

    /// <summary>1xx answers ahead of the real one.</summary>
    internal ImmutableArray<int> Informational { get; init; } = [];

    internal BodyCoding? Coding { get; init; }

    /// <summary>After so many bytes of the body the connection ends, by <see cref="CutStep"/>.</summary>
    internal long? CutAfterBytes { get; init; }

    internal ReplyStep CutStep { get; init; }

    internal bool ClosesConnection { get; init; }

    internal virtual IEnumerable<ReplyStep> BodySteps() => Body;

    internal override HttpReply Resolve(ReceivedRequest request, Func<ReceivedRequest, HttpReply> byDefault) => this;

    internal override Reply Changed(Func<HttpReply, HttpReply> change) => change(this);

    /// <summary>The steps with content coding and cut applied.</summary>
    internal IEnumerable<ReplyStep> WireSteps()
    {
        var steps = Coding is null ? BodySteps() : Coding.Apply(BodySteps());
        return CutAfterBytes is { } limit ? Cut(steps, limit) : steps;
    }

    private IEnumerable<ReplyStep> Cut(IEnumerable<ReplyStep> steps, long limit)
    {
        foreach (var step in steps)
        {
            if (step.IsSend && step.Bytes.Length >= limit)
            {
                if (limit > 0) yield return ReplyStep.Send(step.Bytes[..(int)limit]);
                break;
            }

            limit -= step.Bytes.Length;
            yield return step;
        }

        yield return CutStep;
    }
}
