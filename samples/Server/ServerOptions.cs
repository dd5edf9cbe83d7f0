using Sharing.Core;

namespace Sharing.Server;

/// <summary>The section "Sharing" of the configuration.</summary>
public sealed class ServerOptions
{
    /// <summary>The folder of records and contents.</summary>
    public string Data { get; set; } = "data";

    /// <summary>How to reach the PostgreSQL database that keeps the records instead; <c>null</c>: there is none.</summary>
    public string? PostgreSql { get; set; }

    /// <summary>The bucket of an S3 store that keeps the contents instead: https://host/bucket; <c>null</c>: there is none.</summary>
    public string? S3 { get; set; }

    /// <summary>Whose requests to it they are; <c>null</c>: as the AWS SDK finds it.</summary>
    public string? S3AccessKey { get; set; }

    /// <summary>The secret of that key.</summary>
    public string? S3SecretKey { get; set; }

    /// <summary>The file of the radar's keys, the same for all hosts; <c>null</c>: it is in the folder of the contents.</summary>
    public string? RadarKeyFile { get; set; }

    /// <summary>How long an address at the S3 store lasts to which downloads are led; <c>null</c>: they flow through this host.</summary>
    public TimeSpan? AddressLife { get; set; }

    /// <summary>Where an OpenTelemetry collector takes metrics and traces; <c>null</c>: nowhere.</summary>
    public Uri? Otlp { get; set; }

    /// <summary>The address under which people reach this host, with a slash at its end.</summary>
    public Uri PublicAddress { get; set; } = new("http://localhost:5080/");

    /// <summary>The roles that this host plays: "social", "download", or "posts" (takes posts without an offline library, for a "social" host that has no
    /// download server); "data" (people's spaces and shares, and which terminal has which chunk of them); "index" (the latter alone, for
    /// <see cref="DataServers"/>); "radar" (friends found by address books); "apps" (lists of apps, and packages); "photos"; "messages" (a catalogue, and what people send each other). None named: "social" and "download".</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>How many bytes each person may have in his space, uploads under way included; none named: as many as there is room for.</summary>
    public long? SpacePerPerson { get; set; }

    /// <summary>How long the offline library keeps a resource.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often is swept.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long deleted bytes stay on the disk.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long after a crash work that was being done is taken up again.</summary>
    public TimeSpan WorkLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a network has to answer; after a crash, publishing goes on a little more than twice that later.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>The real networks that people may connect: mastodon, bluesky, fediverse, feed, webhook.</summary>
    public IList<string> RealNetworks { get; } = [];

    /// <summary>Hosts ("host:port") that may be fetched from although they are not public.</summary>
    public IList<string> ConfiguredHosts { get; } = [];

    /// <summary>Whether people's terminals may be on this machine itself: for trying things out.</summary>
    public bool PeersOnThisMachine { get; set; }

    /// <summary>Where the social network server is, if it is not this host.</summary>
    public Uri? SocialServer { get; set; }

    /// <summary>This host's own token there.</summary>
    public string? SocialServerToken { get; set; }

    /// <summary>Further networks of our own kind to publish at: their names, and the addresses of their hosts.</summary>
    public IDictionary<string, Uri> Networks { get; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>For the role "index" alone: the addresses of the "data" hosts whose tickets it takes, with a slash at their ends.</summary>
    public IList<Uri> DataServers { get; } = [];

    /// <summary>For the role "data": the index servers that terminals ask instead of this host, with a slash at their ends.</summary>
    public IList<Uri> IndexServers { get; } = [];

    /// <summary>For the role "data": whether terminals keep the index among themselves, and ask servers only where they know nobody.</summary>
    public bool SpreadIndex { get; set; }

    /// <summary>For the role "apps": a folder of Android packages that are taken in at the start.</summary>
    public string? Packages { get; set; }

    /// <summary>For the role "apps": F-Droid repositories in which is looked for what is lacking.</summary>
    public IList<FdroidOptions> Fdroid { get; } = [];

    /// <summary>For the role "apps": where the shops of other platforms have an app ("org.example.player": "https://apps.apple.com/app/id1").</summary>
    public IDictionary<string, Uri> ShopLinks { get; } = new Dictionary<string, Uri>(StringComparer.Ordinal);

    /// <summary>Where the proxy in front has the folder of the contents, e.g. "/kept/"; then it sends stored files itself. None: this host sends them.</summary>
    public string? AccelPrefix { get; set; }

    /// <summary>For the role "photos", and for members: the SMTP server that people are told through; none: nobody is told by mail.</summary>
    public MailOptions? Mail { get; set; }

    /// <summary>For the role "messages": a folder of what is offered; each folder in it is a sort of thing ("music", "book"), each folder in that a tag. It is looked through at the start.</summary>
    public string? Catalog { get; set; }

    /// <summary>For the role "messages": a folder of handlers that terminals may fetch, each in a folder of its own with its manifest; this host signs them.</summary>
    public string? Handlers { get; set; }

    /// <summary>For the role "messages": a gateway that short messages are posted to, as {"to": "+49…", "text": "…"}; none: nobody is woken by them.</summary>
    public Uri? SmsGateway { get; set; }

    /// <summary>The bearer token that the gateway wants.</summary>
    public string? SmsToken { get; set; }

    /// <summary>The people who may sign in.</summary>
    public IList<PersonOptions> People { get; } = [];

    /// <summary>Members, who are in the records and not here.</summary>
    public MembersOptions Members { get; set; } = new();

    /// <summary>Other hosts of the same operator.</summary>
    public IList<PersonOptions> Hosts { get; } = [];
}

/// <summary>Members, who join by invitation and sign in by a code that is mailed.</summary>
public sealed class MembersOptions
{
    /// <summary>Whether there are any. As long as nobody is an administrator, the start logs an address at which somebody becomes it.</summary>
    public bool Enabled { get; set; }
}

/// <summary>Somebody who may sign in.</summary>
public sealed class PersonOptions
{
    /// <summary>His id.</summary>
    public string Id { get; set; } = "";

    /// <summary>The name that others see.</summary>
    public string Name { get; set; } = "";

    /// <summary>His mail address, where photos that are shown to him are told of.</summary>
    public string? Mail { get; set; }

    /// <summary>His tier, which says how long his photos are kept ("member": longer).</summary>
    public string? Tier { get; set; }

    /// <summary>The SHA-256 of his token, as hex; the token itself is nowhere here. Make both with <c>dotnet run --project samples/Server token</c>.</summary>
    public string TokenSha256 { get; set; } = "";
}

/// <summary>An F-Droid repository.</summary>
public sealed class FdroidOptions
{
    /// <summary>Its address ("https://f-droid.org/repo").</summary>
    public Uri Address { get; set; } = new("https://f-droid.org/repo");

    /// <summary>SHA-256 of the certificate that signs it; none: that of the first that is read.</summary>
    public string? Fingerprint { get; set; }
}
