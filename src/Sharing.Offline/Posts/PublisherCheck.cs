using System.Globalization;
using System.Text;

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

    /// <summary>Cuts a text to so many characters as people count them, and to so many bytes of UTF-8, with an ellipsis. 0 = no limit.</summary>
    public static string Cut(string text, int max, int maxBytes)
    {
        var starts = StringInfo.ParseCombiningCharacters(text);
        if ((max <= 0 || starts.Length <= max) && (maxBytes <= 0 || Encoding.UTF8.GetByteCount(text) <= maxBytes))
        {
            return text;
        }

        const string Ellipsis = "…";
        var count = max <= 0 ? starts.Length : Math.Min(starts.Length, max - 1);
        while (count > 0 && maxBytes > 0 && Encoding.UTF8.GetByteCount(text.AsSpan(0, count < starts.Length ? starts[count] : text.Length)) + Encoding.UTF8.GetByteCount(Ellipsis) > maxBytes)
        {
            count--;
        }

        return string.Concat(text.AsSpan(0, count < starts.Length ? starts[count] : text.Length), Ellipsis);
    }
}
