namespace Sharing.Messaging;

/// <summary>Whether a draft can be sent.</summary>
static class DraftCheck
{
    const int MaxTo = 300;

    /// <exception cref="SharingException">It cannot; the message says why.</exception>
    public static void Require(MessageDraft draft)
    {
        if (draft.To.Count is 0 or > MessageDraft.MostReceivers || draft.To.Any(static to => to is not { Length: > 0 and <= MaxTo } || to.Any(char.IsControl)))
        {
            throw Refused($"A message goes to 1 to {MessageDraft.MostReceivers} network ids.");
        }

        if (draft.Text is { Length: > MessageDraft.MostText })
        {
            throw Refused($"The text has at most {MessageDraft.MostText} characters. More than that is uploaded, and sent as a file.");
        }

        var named = (draft.Resource is null ? 0 : 1) + (draft.Upload is null ? 0 : 1) + (draft.Forward is null ? 0 : 1) + (draft.Item is null ? 0 : 1);
        if (named != 1)
        {
            throw Refused("A message brings one thing: a resource, an upload, an item of the catalogue, or a message that is forwarded.");
        }

        if (draft.Resource is { } resource)
        {
            Require(resource);
        }
    }

    /// <exception cref="SharingException">It is no resource that somebody could fetch.</exception>
    public static void Require(MessageResource resource)
    {
        if (resource.Name is not { Length: > 0 and <= MessageResource.MaxNameLength } || resource.Name.Any(char.IsControl) || resource.MediaType is { Length: 0 or > MessageResource.MaxTypeLength } || resource.Length < 0)
        {
            throw Refused($"A resource has a name of 1 to {MessageResource.MaxNameLength} characters; its length is not negative.");
        }

        if (resource.Addresses.Count is 0 or > MessageResource.MostAddresses || resource.Addresses.Any(static address => !IsWeb(address)))
        {
            throw Refused($"A resource is at 1 to {MessageResource.MostAddresses} http or https addresses of at most {MessageResource.MaxAddressLength} characters.");
        }
    }

    static bool IsWeb(Uri address) => address.IsAbsoluteUri && address.Scheme is "http" or "https" && address.OriginalString.Length <= MessageResource.MaxAddressLength && address.UserInfo.Length == 0;

    static SharingException Refused(string why) => new(ProblemCodes.InvalidInput, why);
}
