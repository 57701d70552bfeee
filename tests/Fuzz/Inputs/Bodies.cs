using Penstock.Json;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Request bodies: of the known members, of strange ones, and damaged.</summary>
internal static class Bodies
{
    private static readonly string[] Known =
    [
        "model", "stream", "n", "messages", "max_tokens", "max_completion_tokens", "stream_options", "tools", "input", "prompt", "user", "a", "b", "é", "a.b", "", "temperature",
    ];

    /// <summary>Any of them, valid or not.</summary>
    public static byte[] Any(Dice dice)
    {
        var body = Valid(dice, repeatsNames: dice.OneIn(3));
        if (dice.OneIn(30)) body = dice.Bytes(dice.Size(30));
        if (dice.OneIn(3)) body = JsonMutator.Change(dice, body);
        if (dice.OneIn(40)) body = [.. "\uFEFF"u8, .. body];
        return Mutator.MayDamage(dice, body, oneIn: 4);
    }

    /// <summary>A JSON object.</summary>
    public static byte[] Valid(Dice dice, bool repeatsNames) => new JsonGrammar(dice)
    {
        Names = [.. Known],
        TopWidth = dice.OneIn(100) ? 1_500 : 8,
        HasLoneSurrogates = dice.OneIn(4),
        RepeatsNames = repeatsNames,
    }.Object(depth: 3);

    /// <summary>Whether the gateway takes it for one: a smaller input must still be.</summary>
    public static bool IsBody(byte[] json)
    {
        try
        {
            new BodyScan().Read(json);
            return true;
        }
        catch (BodyException)
        {
            return false;
        }
    }
}
