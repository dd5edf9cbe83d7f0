namespace Sharing.AspNetCore;

/// <summary>The roles that a host can play over HTTP.</summary>
[Flags]
public enum SharingRoles
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The social network server: posts, feeds, comments, reshares, relationships.</summary>
    Social = 1,

    /// <summary>The download server: posts' links and bytes, networks, the offline library.</summary>
    Download = 2,

    /// <summary>Takes posts and serves their links without an offline library: what a social network server does where there is no download server.</summary>
    Posts = 8,

    /// <summary>A terminal that is driven over HTTP: the caller's download list. Not for hosts that strangers reach.</summary>
    Terminal = 4,

    /// <summary>The shared-data server: people's spaces and their shares, and the bytes of shares for those who show a ticket.</summary>
    Data = 16,

    /// <summary>The index of which terminal has which chunk.</summary>
    Index = 32,

    /// <summary>A terminal that gives other terminals what it has of shares, for a ticket. This is what strangers reach of it: map it apart from <see cref="Terminal"/>, on a port of its own.</summary>
    Peer = 64,

    /// <summary>The radar: finds friends by what address books have in common.</summary>
    Radar = 128,

    /// <summary>People's lists of apps, and the package that fits a device.</summary>
    Apps = 256,

    /// <summary>The photo server: people's photos, and what friends see of them.</summary>
    Photos = 512,

    /// <summary>The message server: a catalogue, people's inboxes, and what they send each other.</summary>
    Messages = 1024,
}
