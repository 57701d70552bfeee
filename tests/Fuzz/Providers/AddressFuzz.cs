using System.Text;
using Penstock.Providers;

namespace Penstock.Fuzz.Tests.Providers;

/// <summary>Whatever a request, a model or an option says: a call goes below the row's own base, or is refused.</summary>
public sealed class AddressFuzz
{
    private static readonly string[] Targets =
    [
        "/v1/chat/completions", "/v1/files/abc/content", "/v1/proxy/x/y", "/v1/x", "/v1", "/v1/", "/v1//", "/v1/./x", "/v1/..%2f", "/v1/%2e%2e/x", "/v1/..;a/x", "/v1/a\\..\\b", "/v1/%5c..%5cx",
        "http://other/v1/x", "/v1/x?a=1&b=2", "/v1/x?api-version=1", "/v1/files?../..", "/v1/%252e%252e/", "/v1/x/..", "/v1/proxy/../../x", "/v1/proxy", "/v1/@evil.com/x", "/v1/:80", "/v1/#x", "/v1/%zz",
    ];

    private static readonly string[] Models = ["gpt-4o", "a/b", "@cf/meta/llama", "..", "../..", "a/../b", "%2e%2e", "x?y", "x#y", "é", "x y", "a\\b", ";", "owner/name:free", "\r\nx: y", "."];

    private static readonly string[] Values = ["x", "eastus", "evil.com/#", "a.b", "..", "é", "", "https://api.example.com/v1", "http://[::1]", "x@y", "a/b", "https://x.example/?", "v1", "2024-10-21", "-"];

    private static readonly string[] Parts = ["/", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", ";", "%3b", "a", "b", "%", "%2", "?"];

    [Fact]
    public Task A_call_stays_below_its_base() => new FuzzTarget<Case>(Create, Check, Smaller, one => one.ToString(), 8_000).RunAsync();

    [Fact]
    public Task A_path_without_dot_segments_cannot_leave() => new FuzzTarget<string>(CreatePath, CheckPath, Shrink.Text, Show.Text, 8_000).RunAsync();

    [Fact]
    public Task A_template_is_read_and_filled_or_refused() => new FuzzTarget<string>(CreateTemplate, CheckTemplate, Shrink.Text, Show.Text, 4_000).RunAsync();

    private static Case Create(Dice dice)
    {
        var row = Catalogue.BuiltIn.Rows.OrderBy(one => one.Id, StringComparer.Ordinal).ElementAt(dice.Below(Catalogue.BuiltIn.Rows.Length));
        var options = new Dictionary<string, string>();
        foreach (var (name, option) in row.Options.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (dice.OneIn(2)) options[name] = Damaged(dice, dice.Pick(Values));
            else if (option.Default is { } standard) options[name] = standard;
        }

        // The server lets visible ASCII through in a request line, and nothing else.
        var target = string.Concat(Damaged(dice, dice.Pick(Targets)).Where(one => one is > ' ' and <= '~'));
        return new Case(row, dice.Pick(Enum.GetValues<Operation>()), target, options, dice.OneIn(4) ? null : Damaged(dice, dice.Pick(Models)), dice.OneIn(6) ? "https://custom.example/base" : null);
    }

    private static string Damaged(Dice dice, string text) => dice.OneIn(3) ? Encoding.UTF8.GetString(Mutator.Damage(dice, Encoding.UTF8.GetBytes(text))) : text;

    private static IEnumerable<Case> Smaller(Case one) => Shrink.Each(
        one.Options.Keys.Select(name => one with { Options = one.Options.Where(option => option.Key != name).ToDictionary() }),
        one.Options.SelectMany(option => Shrink.Text(option.Value).Select(value => one with { Options = new(one.Options) { [option.Key] = value } })),
        Shrink.Text(one.Target).Select(target => one with { Target = target }),
        one.Model is null ? [] : Shrink.Text(one.Model).Select(model => one with { Model = model }));

    private static void Check(Case one)
    {
        var row = one.Row.For(one.Options);
        if (!UpstreamAddress.TryBuild(row, one.Operation, one.Target, one.Options, one.Model, one.CustomHost, out var address, out var fault))
        {
            Assert.NotEmpty(fault);
            Assert.Empty(address);
            return;
        }

        Assert.Empty(fault);
        var sent = new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var place = row.Addresses[one.Operation];
        var root = new Uri(one.CustomHost ?? place.Base!.Fill(one.Options)!);
        Assert.Equal((root.Scheme, root.IdnHost, root.Port, ""), (sent.Scheme, sent.IdnHost, sent.Port, sent.UserInfo));
        Assert.All(sent.PathAndQuery, letter => Assert.InRange(letter, '!', '~'));

        // As a server on the way would read it that resolves dots.
        var below = root.AbsolutePath.TrimEnd('/');
        Assert.StartsWith(below, new Uri(address.Split('?')[0]).AbsolutePath, StringComparison.Ordinal);
    }

    private static string CreatePath(Dice dice) => "/" + string.Concat(Enumerable.Range(0, dice.Size(12)).Select(_ => dice.Pick(Parts)));

    private static void CheckPath(string path)
    {
        var meant = path.Split('?')[0];
        if (RequestTarget.HasDotSegments(meant)) return;
        for (var i = 0; i < 2; i++)
        {
            // Read by servers that decode, take a backslash for a slash, or leave out a parameter behind a semicolon.
            Assert.DoesNotContain(meant.Replace('\\', '/').Split('/'), segment => segment.Split(';')[0] is "." or "..");
            Assert.StartsWith("/base/", new Uri("http://host/base/x/" + Uri.EscapeDataString("x") + meant.Replace('\\', '/')).AbsolutePath, StringComparison.Ordinal);
            meant = meant.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).Replace("%2f", "/", StringComparison.OrdinalIgnoreCase).Replace("%5c", "/", StringComparison.OrdinalIgnoreCase).Replace("%3b", ";", StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string CreateTemplate(Dice dice) =>
        string.Concat(Enumerable.Range(0, dice.Size(6)).Select(_ => dice.Pick("https://", "{a}", "{b|a}", "{model}", "{+model}", "/x", "{", "}", "{A}", "{}", ".example", "?q={a}", "é", "{c}", "{a|}")));

    private static void CheckTemplate(string text)
    {
        Template template;
        try
        {
            template = Template.Parse(text);
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        Assert.Equal(text, template.Text);
        var options = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2", ["model"] = "m" };
        var expected = text.Replace("{a}", "1", StringComparison.Ordinal).Replace("{b|a}", "2", StringComparison.Ordinal).Replace("{model}", "m", StringComparison.Ordinal).Replace("{+model}", "m", StringComparison.Ordinal);
        Assert.Equal(text.Contains("{c}", StringComparison.Ordinal) ? null : expected, template.Fill(options));
        Assert.Equal(template.IsFixed, !text.Contains('{', StringComparison.Ordinal));
    }

    private sealed record Case(ProviderRow Row, Operation Operation, string Target, Dictionary<string, string> Options, string? Model, string? CustomHost)
    {
        public override string ToString() =>
            $"{Row.Id}, {Operation}, {Show.Text(Target)}, model {Show.Text(Model ?? "none")}, host {CustomHost}, {string.Join(' ', Options.Select(option => $"{option.Key}={Show.Text(option.Value)}"))}";
    }
}
