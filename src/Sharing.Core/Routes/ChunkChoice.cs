using System.Globalization;

namespace Sharing.Core;

/// <summary>The newest choice that was made about a chunk: why from there.</summary>
public sealed record ChunkChoice
{
    /// <summary>Which chunk.</summary>
    public required int Chunk { get; init; }

    /// <summary>Why.</summary>
    public required ChoiceKind Why { get; init; }

    /// <summary>Seconds after the transfer began.</summary>
    public double At { get; init; }

    /// <summary>Who was late with it, where it was taken over.</summary>
    public string? LateSource { get; init; }

    /// <summary>What was compared: first the source that was asked, then the cheapest others, three at most.</summary>
    public required IReadOnlyList<ChunkOffer> Compared { get; init; }

    /// <summary>How many others could have brought it.</summary>
    public int Others { get; init; }

    /// <summary>The reason in a sentence, in English.</summary>
    public string Text => (Why, Compared) switch
    {
        (ChoiceKind.TakenOver, [var own, ..]) => $"{LateSource} was late with it: {own.Source} took it over.",
        (ChoiceKind.ServersChoice, [var own, ..]) => $"No terminal had it. {own.Source} chose it among several: it gave this one to the fewest.",
        (ChoiceKind.FollowsOn, [var own, ..]) => $"It follows the chunk before it, in one read from {own.Source}.",
        (ChoiceKind.RatherThanWait, [var own, var other, ..]) => $"{other.Source} was cheaper{Of(other)}, but had all the rest to bring; {own.Source}{Of(own)} has it sooner.",
        (_, [{ Kind: SourceKind.Peer } own]) => $"Only {own.Source} had it.",
        (_, [var own]) => $"No terminal had it: it comes from {own.Source}.",
        (_, [var own, var other, ..]) => string.Create(CultureInfo.InvariantCulture, $"{own.Source} was the cheapest of {Others + 1}{Of(own)}; next {other.Source}{Of(other)}."),
        _ => "",
    };

    static string Of(ChunkOffer offer) => offer.Cost is { } cost ? string.Create(CultureInfo.InvariantCulture, $" ({cost.Total:0.000} s)") : "";
}
