namespace Sharing.Social;

/// <summary>Puts the two lists of an account together.</summary>
static class FollowLists
{
    /// <summary>Each account once, with what holds of it.</summary>
    public static IReadOnlyList<AccountFollow> Of(IReadOnlyList<AccountFollow> follows, IReadOnlyList<AccountFollow> followers)
    {
        var all = new Dictionary<string, AccountFollow>(StringComparer.Ordinal);
        foreach (var one in follows)
        {
            all[one.Id] = one with { Follows = true };
        }

        foreach (var one in followers)
        {
            all[one.Id] = all.GetValueOrDefault(one.Id, one) with { FollowedBy = true };
        }

        return [.. all.Values];
    }
}
