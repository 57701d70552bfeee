namespace Penstock.Simulator;

/// <summary>One thing that happens while an answer is written.</summary>
internal readonly record struct ReplyStep
{
    private enum Kind
    {
        Send,
        Wait,
        Pause,
        Reset,
        Close,
    }

    private Kind What { get; init; }

    /// <summary>Bytes of the body that go to the network in one write.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Awaited before the next step; the client's leaving ends it.</summary>
    public Task? Gate { get; private init; }

    public TimeSpan Delay { get; private init; }

    public bool IsSend => What == Kind.Send;

    public bool IsReset => What == Kind.Reset;

    /// <summary>An end in order (FIN), though more was promised.</summary>
    public bool IsClose => What == Kind.Close;

    public static ReplyStep Reset { get; } = new() { What = Kind.Reset };

    public static ReplyStep Close { get; } = new() { What = Kind.Close };

    public static ReplyStep Send(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };

    public static ReplyStep Wait(Task gate) => new() { What = Kind.Wait, Gate = gate };

    public static ReplyStep Pause(TimeSpan delay) => new() { What = Kind.Pause, Delay = delay };
}
