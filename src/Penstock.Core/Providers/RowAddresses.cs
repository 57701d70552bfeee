namespace Penstock.Providers;

/// <summary>Where each operation of a row is, worked out once.</summary>
internal sealed class RowAddresses
{
    private readonly OperationPlace[] _places = new OperationPlace[OperationFacts.All.Length + 1];

    public RowAddresses(ProviderRow row)
    {
        Row = row;
        _places[(int)Operation.Proxy] = new OperationPlace { Base = row.ProxyBaseUrl ?? row.BaseUrl };
        IsOnThisMachine = !row.IsCustom && row.BaseUrl is { IsFixed: true } root && Uri.TryCreate(root.Text, UriKind.Absolute, out var uri) && uri.IsLoopback;
        foreach (var facts in OperationFacts.All) _places[(int)facts.Operation] = Create(row, facts);
    }

    public ProviderRow Row { get; }

    /// <summary>
    /// A row of ours for a server that people run beside Penstock. Nobody chose it, so its address is held against the
    /// rules for hosts that callers name: not everybody who reaches Penstock may reach what else runs there.
    /// </summary>
    public bool IsOnThisMachine { get; }

    public OperationPlace this[Operation operation] => _places[(int)operation];

    private static OperationPlace Create(ProviderRow row, OperationFacts facts)
    {
        var own = row.Operations.GetValueOrDefault(facts.Operation);
        if (own is { IsOffered: false }) return new OperationPlace { Facts = facts, IsOffered = false };
        var text = own?.Path?.Text ?? row.PathPrefix + facts.Path;
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var place = new OperationPlace
        {
            Facts = facts,
            Base = own?.BaseUrl ?? row.BaseUrl,
            Path = question < 0 ? text : text[..question],
            Query = question < 0 ? null : Template.Parse(text[(question + 1)..]),
        };
        return place with { Ready = Ready(row, place) };
    }

    /// <summary>The whole address of a request for the operation's OpenAI path, where nothing needs to be filled in.</summary>
    private static string? Ready(ProviderRow row, OperationPlace place)
    {
        if (row.Retired is not null || row.Query is not null || place.Query is not null) return null;
        if (place.Base is not { IsFixed: true } root || !place.Path.IsFixed) return null;
        return UpstreamAddress.Join(root.Text, place.Path.Text);
    }
}
