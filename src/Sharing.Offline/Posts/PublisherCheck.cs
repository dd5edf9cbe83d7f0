using System.Globalization;

namespace Sharing.Offline;

/// <summary>What the outbox sees to outside every publisher, so that none has to.</summary>
static class PublisherCheck
{
    public static void Verify(ISocialPublisher publisher)
    {
        var traits = publisher.Traits;
        if (traits.Network.Length is 0 or > 40 || traits.Network.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"))
        {
            throw new InvalidOperationException($"'{traits.Network}' is no network name: 1 to 40 lower-case letters, digits and hyphens.");
        }

        if (traits.Audiences.Count == 0)
        {
            throw new InvalidOperationException($"The publisher of '{traits.Network}' declares no audience: nothing would ever reach it.");
        }

        if (traits.Retry == RetrySafety.LookFirst && publisher is not IPostLookup)
        {
            throw new InvalidOperationException(
                $"The publisher of '{traits.Network}' says that one must look before repeating, but implements no {nameof(IPostLookup)}.");
        }
    }

    /// <summary>Cuts a text to so many characters as people count them, with an ellipsis.</summary>
    public static string Cut(string text, int max)
    {
        var info = new StringInfo(text);
        return max <= 0 || info.LengthInTextElements <= max ? text : info.SubstringByTextElements(0, max - 1) + "…";
    }
}
