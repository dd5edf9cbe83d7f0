using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>How files are shared between terminals. Checked when the host starts.</summary>
public sealed class P2POptions
{
    /// <summary>Bytes in a chunk, the unit that is announced and asked for: a power of two of at least 64 KiB. Contents of more than 16,384 chunks have larger ones.</summary>
    public int ChunkSize { get; set; } = 256 * 1024;

    /// <summary>How long a ticket opens a share.</summary>
    public TimeSpan TicketLife { get; set; } = TimeSpan.FromDays(1);

    /// <summary>For how long an index believes a terminal that is not heard of.</summary>
    public TimeSpan AnnouncementLife { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many terminals an index names in an answer.</summary>
    public int MembersPerAnswer { get; set; } = 50;

    /// <summary>How many terminals an index knows of one content at most; more are told of the others, but not remembered.</summary>
    public int MembersPerContent { get; set; } = 100_000;

    /// <summary>How many contents an index knows terminals of at most.</summary>
    public int IndexedContents { get; set; } = 1_000_000;

    /// <summary>Whether an index tells others only of addresses at which it reached the terminal itself. Off: only where nobody would have others sent to a victim's address.</summary>
    public bool ProvesAddresses { get; set; } = true;

    /// <summary>The index servers that shares name; none: this host is their index.</summary>
    public IList<Uri> Indexes { get; } = [];

    /// <summary>Whether the terminals keep the index of shares among themselves, and ask index servers only where they know nobody yet.</summary>
    public bool SpreadsIndex { get; set; }

    /// <summary>On an index server of its own: the shared-data servers whose tickets it takes.</summary>
    public IList<Uri> DataServers { get; } = [];

    /// <summary>Where other terminals reach this one ("10.0.0.7:7400"); none: it only fetches.</summary>
    public IList<string> Addresses { get; } = [];

    /// <summary>Where shares that are fetched are saved; <c>null</c>: nowhere but in the store.</summary>
    public string? SaveFolder { get; set; }

    /// <summary>Whether it serves others without TLS, for clients of other makers.</summary>
    public bool ServesPlain { get; set; }

    /// <summary>How many answers are sent at once; whoever comes then is told to come again. Few on a terminal: a chunk can be given on only when all of it is there, and of many that share an
    /// uplink, all come late. Where those who are served take slowly there are more, up to 64, until as much goes out as ever did within a second lately. The shared-data server has 64.</summary>
    public int UploadSlots { get; set; } = 4;

    internal const int ServerSlots = 64;

    /// <summary>How many of them go to one terminal at once, so that no one takes all.</summary>
    public int UploadSlotsEach { get; set; } = 8;

    /// <summary>How many bytes a second this host sends of shares, proofs included; 0: as many as it can. Where it is set the host sends all itself, also what a proxy in front would have sent for it.</summary>
    public long UploadBytesPerSecond { get; set; }

    /// <summary>How many times a content's length a terminal may take of it here while a ticket lasts; 0: as often as it likes. Clients that show no certificate are not counted.</summary>
    public int MostCopies { get; set; } = 3;

    /// <summary>How many at once are told what comes of shares.</summary>
    public int Watchers { get; set; } = 2000;

    /// <summary>How many of those one terminal may be: one for each share that it fetches.</summary>
    public int WatchersEach { get; set; } = 100;

    /// <summary>What a byte from the server costs a terminal, in seconds: as long it would rather wait for other terminals. 0: the server is as dear as they are.</summary>
    public double ServerPricePerByte { get; set; } = 4e-6;

    /// <summary>On a server: how many bytes a second it can send, or shall; its price rises as it comes near. 0: it is not said, and only taken upload slots count.</summary>
    public long EgressBytesPerSecond { get; set; }

    /// <summary>How long a request waits for the hashes that clients of other makers know; then it is told to come again.</summary>
    public TimeSpan ExportPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the server leads clients of other makers, range by range, to terminals that serve without TLS (<see cref="ServesPlain"/>) and have the range. Their connection to a terminal is not
    /// encrypted, and their ticket can be read there.</summary>
    public bool LeadsToTerminals { get; set; }

    /// <summary>What this terminal gives others costs its owner money: they are told to prefer others.</summary>
    public bool IsMetered { get; set; }

    /// <summary>Bytes in a chunk of a content.</summary>
    public int ChunkSizeOf(long length) => TransferRequest.ChunkSizeOf(length, ChunkSize);

    internal sealed class Validator : IValidateOptions<P2POptions>
    {
        public ValidateOptionsResult Validate(string? name, P2POptions options)
        {
            var errors = new List<string>();
            if (options.ChunkSize < ContentTree.GroupSize || !System.Numerics.BitOperations.IsPow2(options.ChunkSize))
            {
                errors.Add($"{nameof(ChunkSize)} is a power of two of at least {ContentTree.GroupSize}.");
            }

            if (options.TicketLife <= TimeSpan.Zero || options.AnnouncementLife < TimeSpan.FromSeconds(1))
            {
                errors.Add($"{nameof(TicketLife)} and {nameof(AnnouncementLife)} are more than nothing, and the latter a second at least.");
            }

            if (options.MembersPerAnswer < 1 || options.MembersPerContent < 1 || options.IndexedContents < 1)
            {
                errors.Add($"{nameof(MembersPerAnswer)}, {nameof(MembersPerContent)} and {nameof(IndexedContents)} are at least 1.");
            }

            CheckDoor(options, errors);

            if (options.ExportPatience <= TimeSpan.Zero)
            {
                errors.Add($"{nameof(ExportPatience)} is more than nothing.");
            }

            if (!double.IsFinite(options.ServerPricePerByte) || options.ServerPricePerByte < 0)
            {
                errors.Add($"{nameof(ServerPricePerByte)} is not negative.");
            }

            if (options.EgressBytesPerSecond < 0)
            {
                errors.Add($"{nameof(EgressBytesPerSecond)} is not negative.");
            }

            foreach (var server in options.Indexes.Concat(options.DataServers))
            {
                if (!server.IsAbsoluteUri || server.Scheme is not ("http" or "https") || !server.AbsolutePath.EndsWith('/'))
                {
                    errors.Add($"'{server}' of {nameof(Indexes)} or {nameof(DataServers)} is no address such as https://index.example.org/, with a slash at its end.");
                }
            }

            foreach (var address in options.Addresses)
            {
                if (!System.Net.IPEndPoint.TryParse(address, out var at) || at.Port == 0)
                {
                    errors.Add($"'{address}' of {nameof(Addresses)} is no address with a port, such as 10.0.0.7:7400 or [fd00::7]:7400.");
                }
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }

        static void CheckDoor(P2POptions options, List<string> errors)
        {
            if (options.UploadSlots < 1 || options.UploadSlotsEach < 1 || options.Watchers < 1 || options.WatchersEach < 1)
            {
                errors.Add($"{nameof(UploadSlots)}, {nameof(UploadSlotsEach)}, {nameof(Watchers)} and {nameof(WatchersEach)} are at least 1.");
            }

            if (options.UploadBytesPerSecond < 0 || options.MostCopies < 0)
            {
                errors.Add($"{nameof(UploadBytesPerSecond)} and {nameof(MostCopies)} are not negative.");
            }
        }
    }
}
