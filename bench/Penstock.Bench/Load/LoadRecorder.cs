namespace Penstock.Bench.Load;

/// <summary>Collects what happened. Not thread-safe: one per connection, or under a lock.</summary>
internal sealed class LoadRecorder(Reply expected)
{
    public List<long> LatencyTicks { get; } = new(4096);

    public List<long> FirstTokenTicks { get; } = new(4096);

    public long Events { get; private set; }

    public int Failures { get; private set; }

    /// <summary>The first failure in words.</summary>
    public string? Fault { get; private set; }

    public void Add(Reply reply, long intendedAt, long endedAt)
    {
        if (!reply.IsLike(expected))
        {
            Fail($"Expected {expected.Describe()}; got {reply.Describe()}.");
            return;
        }

        LatencyTicks.Add(endedAt - intendedAt);
        FirstTokenTicks.Add(reply.FirstTokenAt - intendedAt);
        Events += reply.Events;
    }

    public void Fail(string fault)
    {
        Failures++;
        Fault ??= fault;
    }
}
