namespace Penstock.Bench.Gateways;

/// <summary>Something that stands between the driver and the simulator.</summary>
/// <param name="Launch">How it is started. Null: nothing stands between, and the driver calls the simulator itself.</param>
internal sealed record Gateway(string Name, string What, Func<LaunchSite, LaunchCommand>? Launch)
{
    /// <summary>Request headers that it needs, given the simulator's address and the model to ask for.</summary>
    public Func<Uri, string, IEnumerable<(string Name, string Value)>> Headers { get; init; } = static (_, _) => [];

    /// <summary>Whether it replaces the request's model; then the request names another one, which the simulator would refuse.</summary>
    public bool OverridesModel { get; init; }

    /// <summary>Whether answers arrive byte for byte; the reference gateway writes documents anew.</summary>
    public bool PassesBytes { get; init; } = true;

    /// <summary>Whether it is as fast from the start as it will ever be: no JIT.</summary>
    public bool IsCompiled { get; init; }

    /// <summary>Whether it is a bare forwarder, against which the others are measured.</summary>
    public bool IsYardstick { get; init; }
}

/// <summary>A program and what it is given.</summary>
internal sealed record LaunchCommand(string File, params string[] Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
