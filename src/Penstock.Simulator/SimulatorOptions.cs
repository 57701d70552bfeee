namespace Penstock.Simulator;

/// <summary>Which provider is simulated, and how.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Which requests are refused, and how answers and errors look.</summary>
    public ProviderProfile Profile { get; init; } = ProviderProfile.OpenAi;

    /// <summary>The one key that is accepted. Null: none is needed and any is accepted.</summary>
    public string? ApiKey { get; init; } = "sk-sim";

    /// <summary>How the key must travel. Null: as the profile says.</summary>
    public KeyPlace? KeyPlace { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether requests are kept for tests to look at. Off for benchmarks: they would fill the memory.</summary>
    public bool RecordRequests { get; init; } = true;

    /// <summary>Answers from ready bytes, for benchmarks: nothing is checked, recorded or scripted. Null: off.</summary>
    public CannedAnswers? Canned { get; init; }

    /// <summary>
    /// The models there are; null: every name except those that begin with <c>missing-</c>. Names that ask for a fault
    /// (<c>fail-429</c>, <c>cut-after-3</c> …) are always there.
    /// </summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>
    /// Whether Host may name anything. Otherwise it must be this simulator's address: a gateway that passes its own
    /// client's Host on is refused.
    /// </summary>
    public bool AcceptsAnyHost { get; init; }

    /// <summary>Larger request bodies are refused with 413.</summary>
    public long MaxBodyBytes { get; init; } = 256 << 20;

    /// <summary>Clock of all delays.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
